// The parts of the measurement of workload W over PostgreSQL, each with its own time.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "engine/column/inputs.h"
#include "engine/plan/program.h"
#include "infra/postgres/transaction.h"
#include "tenants/snapshot/seal.h"

namespace kaogong::bench {

inline constexpr int kConnections = 2;
inline constexpr const char* kSchema = "bench";

class Stopwatch {
 public:
  int64_t us() const {
    return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - begin_).count();
  }

 private:
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

/// Times of repetitions; prints the median, the least and the most.
struct Times {
  std::vector<int64_t> us;
  int64_t median_us() const {
    std::vector<int64_t> sorted = us;
    std::sort(sorted.begin(), sorted.end());
    return sorted.empty() ? 0 : sorted[sorted.size() / 2];
  }
};
void print(const std::string& name, const Times& times, const std::string& remark = {});

/// Runs a script with the owner's rights, committed; ends the program if that fails.
void run_script(postgres::Pool& owner, const std::string& script);
void checkpoint(postgres::Pool& owner);
/// Runs `body(part)` for each of kConnections parts at once, each in a thread of its own.
void in_parts(const std::function<void(int part)>& body);

/// Result pages into a table, by several connections, committed.
struct PageOptions {
  size_t page_rows = 0;
  snapshot::Compression compression = snapshot::Compression::kNone;
};
void create_pages(postgres::Pool& owner);
/// Returns the bytes of all pages.
uint64_t write_pages(postgres::Pool& owner, int64_t run_id, const column::StringRows& employees,
                     const plan::RunResult& result, const PageOptions& options);
/// Reads one employee's row, all outputs as texts; returns how many bytes they have together.
size_t read_employee(postgres::Pool& owner, int64_t run_id, std::string_view employee);

/// The floor: what a program pays that keeps packed inputs and plain results in the same database and computes in no
/// time.
void create_floor(postgres::Pool& owner, const column::Inputs& inputs);
/// COPY out of the inputs; returns the rows.
int64_t floor_out(postgres::Pool& owner, int connections);
/// COPY of the results into an empty table with a primary key, committed.
void floor_in(postgres::Pool& owner, const plan::RunResult& result, int connections);

/// The same by set-based SQL: `folder` has the scripts that sql/make_sql.py writes, `csv` the input. Prints its own
/// lines.
void set_based(postgres::Pool& owner, const std::string& folder, const std::string& csv, int repetitions);

}  // namespace kaogong::bench
