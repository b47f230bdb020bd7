#include "tests/gateway/serve/host_kit.h"

#include "tenants/access/keys.h"
#include "tenants/calendar/periods.h"
#include "tenants/inputs/entries.h"
#include "tests/tenants/schemes/small_scheme.h"

namespace kaogong::gateway::test {

using tenants::Done;
using tenants::Result;
using tenants::TenantTransaction;

HostTest::HostTest() : tenant(make_tenant({.requests_per_second_max = 1'000'000'000})) {
  install(tenant, runs::kPayScheme);
  install(tenant, tenants::test::small_scheme());
  run = std::to_string(number_of(publish(tenant, "2026-01", {{"population", runs::population(kPeople, 3)}}).id));
  EXPECT_OK(in(tenant, [&](TenantTransaction& t) -> Result<Done> {
    for (const auto* period : {"2026-02", "2026-03"})
      if (auto opened = tenants::open_period(t, scheme::parse_period(period).value(), std::nullopt); !opened)
        return opened.failure();
    for (int i = 1; i <= kPeople; ++i) {
      const auto put = tenants::put_entry(t, {"pay", scheme::parse_period("2026-02").value()},
                                          {"population", employee(i), ""}, {"employee", "wage", "fine", "department"},
                                          {{employee(i), std::to_string(4'000 + 10 * i), "30", "A"}});
      if (!put) return put.failure();
    }
    return Done{};
  }));
  tenants::KeyRequest request;
  request.role = tenants::AccessRole::kTenantAdmin;
  key = tenants::ApiKeys(tenants).create(&tenant, request, actor)->text;
}

std::string HostTest::employee(int number) {
  const auto digits = std::to_string(number);
  return "E" + std::string(6 - digits.size(), '0') + digits;
}

Settings HostTest::settings() {
  Settings how;
  how.postgres.connections_max = 8;
  how.postgres.acquire_timeout_ms = 2'000;
  how.postgres.connect_timeout_ms = 2'000;
  how.postgres.statement_timeout_ms = 2'000;
  how.postgres.answer_grace_ms = 500;
  how.postgres.idle_in_transaction_timeout_ms = 5'000;
  how.redis.reconnect_delay_max_ms = 200;
  how.redis.answer_grace_ms = 300;
  how.worker.lease_ms = 3'000;
  how.worker.poll_ms = 50;
  how.serve.worker = true;
  how.serve.caller_cache_ms = 200;
  how.server.port = 0;
  how.server.io_threads = 2;
  how.server.access_log = false;
  return how;
}

std::unique_ptr<Host> HostTest::start(Settings how) {
  how.postgres.conninfo = database.application().options().conninfo;
  how.postgres_owner_conninfo = database.owner().options().conninfo;
  how.redis.endpoint = "unix:" + kaogong::test::program_redis().socket().string();
  auto host = std::make_unique<Host>(how, logger, time);
  const auto wrong = host->start();
  if (!wrong.empty()) throw std::runtime_error(wrong);
  return host;
}

}  // namespace kaogong::gateway::test
