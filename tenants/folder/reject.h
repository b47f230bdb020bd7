// What was refused while reading, and how it is said.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "infra/csv/fault.h"
#include "tenants/folder/file_spec.h"

namespace kaogong::folder {

enum class RejectKind : uint8_t {
  kMalformedRow,  // detail: the csv::FaultKind; detail2: fields found (kColumnCount)
  kMissingValue,
  kNotANumber,
  kTooManyDecimals,
  kTooLarge,
  kBelowMinimum,
  kAboveMaximum,
  kNotListed,
  kNotBoolean,
  kNotADate,
  kNotAPeriod,
  kPeriodTooOld,
  kTextTooLong,
  kNoEmployee,
  kEmployeeTooLong,
  kDuplicateEmployee,  // detail: line of the first (or, for the first, of the second)
  kDuplicateKey,       // detail: line of the first
  kDuplicatePeriod,
  kUnknownEmployee,
};

inline constexpr size_t kEmployeeBytesMax = 200;
inline constexpr size_t kTextBytesMax = 10'000;  // of a string value
inline constexpr size_t kShownBytesMax = 200;    // of a faulty value
inline constexpr uint32_t kNoRow = 0xFFFFFFFF;   // the reject belongs to nobody in the population
inline constexpr uint16_t kNoColumn = 0xFFFF;
inline constexpr int32_t kHistoryPeriodsMax = 600;  // how far back history is read

/// A fault of one row of a file, without its texts.
struct Reject {
  uint32_t row = kNoRow;  // of the population
  uint32_t line = 0;
  uint32_t detail = 0, detail2 = 0;
  uint64_t value_at = 0;  // in Rejects::texts
  uint16_t value_size = 0,
           employee_size = 0;  // the employee, of rows of nobody in the population, stands behind the value
  uint16_t file = 0, column = kNoColumn;
  RejectKind kind = RejectKind::kMissingValue;
};

/// Rejects in compact form: a population in which every row is faulty must still fit into memory.
struct Rejects {
  std::vector<Reject> list;
  std::string texts;

  /// Adds one; `value` and `employee` are shortened and made printable.
  void add(Reject reject, std::string_view value, std::string_view employee = {});
  std::string_view value(const Reject& r) const { return std::string_view(texts).substr(r.value_at, r.value_size); }
  std::string_view employee(const Reject& r) const {
    return std::string_view(texts).substr(r.value_at + r.value_size, r.employee_size);
  }
};

/// At most `bytes_max` bytes of a text, whole characters, with control characters and what is not UTF-8 replaced.
std::string printable(std::string_view text, size_t bytes_max);

/// The sentence for a reject: what is wrong, and what to do.
scheme::Labels error_text(const Reject& reject, std::string_view value, const FileSpec& file);

}  // namespace kaogong::folder
