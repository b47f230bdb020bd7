// What is wrong with a line that was handed in.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/scheme/document.h"

namespace kaogong::tenants {

/// One fault of one line, as rejects.csv has it.
struct LineAnswer {
  std::string file;   // "population.csv"
  uint64_t line = 0;  // 1 is the header
  std::string employee, column;
  std::string value;  // at most folder::kShownBytesMax, printable
  scheme::Labels error;
};

inline constexpr size_t kLineAnswersMax = 1'000;  // that are kept; all are counted

/// The faults of a load, in the order in which they were found.
class LineAnswers {
 public:
  void add(LineAnswer answer);
  const std::vector<LineAnswer>& list() const { return list_; }
  uint64_t total() const { return total_; }
  bool empty() const { return total_ == 0; }

 private:
  std::vector<LineAnswer> list_;
  uint64_t total_ = 0;
};

}  // namespace kaogong::tenants
