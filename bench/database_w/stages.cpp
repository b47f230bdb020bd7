#include "bench/database_w/stages.h"

#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <thread>

namespace kaogong::bench {

void print(const std::string& name, const Times& times, const std::string& remark) {
  const auto [least, most] = std::minmax_element(times.us.begin(), times.us.end());
  std::printf("RES %-28s median_ms=%" PRId64 ".%03" PRId64 " min_ms=%" PRId64 " max_ms=%" PRId64 " %s\n", name.c_str(),
              times.median_us() / 1000, times.median_us() % 1000, *least / 1000, *most / 1000, remark.c_str());
  std::fflush(stdout);
}

void run_script(postgres::Pool& owner, const std::string& script) {
  auto transaction = postgres::Transaction::as_login_role(owner, {.statement_timeout_ms = 0});
  transaction.execute_script(script);
  if (transaction.commit().committed()) return;
  std::fprintf(stderr, "a script was not committed\n");
  std::exit(1);
}

void checkpoint(postgres::Pool& owner) { run_script(owner, "CHECKPOINT"); }

void in_parts(const std::function<void(int part)>& body) {
  std::vector<std::thread> threads;
  for (int part = 0; part < kConnections; ++part) threads.emplace_back([&body, part] { body(part); });
  for (auto& thread : threads) thread.join();
}

}  // namespace kaogong::bench
