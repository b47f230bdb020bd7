// The same workload by set-based SQL, from scripts that are not ours.
#include <atomic>
#include <cstdio>
#include <regex>

#include "bench/database_w/stages.h"
#include "bench/workload_w/read_columns.h"

namespace kaogong::bench {

namespace {

constexpr const char* kInSchema = "SET LOCAL search_path = bench; ";

/// A script without what only psql or a session without a transaction understands.
std::string script(const std::string& folder, const std::string& name) {
  std::string text = read_text(folder + "/" + name);
  if (text.empty()) {
    std::fprintf(stderr, "%s/%s cannot be read\n", folder.c_str(), name.c_str());
    std::exit(1);
  }
  text = std::regex_replace(text, std::regex("\\\\timing on"), "");
  text = std::regex_replace(text, std::regex("VACUUM ANALYZE"), "ANALYZE");
  return kInSchema + text;
}

}  // namespace

void set_based(postgres::Pool& owner, const std::string& folder, const std::string& csv, int repetitions) {
  run_script(owner, "CREATE SCHEMA IF NOT EXISTS bench");
  run_script(owner, script(folder, "pg_schema.sql"));
  run_script(owner, std::string(kInSchema) + "COPY emp FROM '" + csv + "' CSV HEADER; ANALYZE emp");
  run_script(owner, script(folder, "pg_int_load.sql"));
  for (const char* kind : {"num", "int"}) {
    Times times;
    for (int r = 0; r < repetitions; ++r) {
      checkpoint(owner);
      const Stopwatch watch;
      in_parts([&](int part) {
        run_script(owner, script(folder, "pg_half_" + std::string(kind) + "_" + std::to_string(part) + ".sql"));
      });
      times.us.push_back(watch.us());
    }
    print(std::string("sql ") + kind, times, "two sessions, unlogged result without a key");
  }
}

}  // namespace kaogong::bench
