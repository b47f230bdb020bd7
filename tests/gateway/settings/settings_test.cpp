// Keys end in their units, values arrive in their places, and rooms accept the bounds.
#include "gateway/settings/settings.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace kaogong::gateway {
namespace {

class SettingsTest : public testing::Test {
 protected:
  void SetUp() override { declare(registry_, settings_); }
  std::vector<std::string> load(std::vector<std::string> flags) {
    std::vector<std::string> texts;
    for (const auto& fault : registry_.load({{}, {}, std::move(flags)})) texts.push_back(config::to_text(fault));
    return texts;
  }
  Settings settings_;
  config::Registry registry_;
};

TEST_F(SettingsTest, NumbersSayWhatTheyCount) {
  // Counts, whose word stands before _max, or is the whole key.
  const std::vector<std::string> counts = {"redis.database",
                                           "worker.threads",
                                           "log.files_kept",
                                           "server.port",
                                           "server.io_threads",
                                           "server.bytes_per_second_min",
                                           "server.bulk_threads",
                                           "server.interactive_threads",
                                           "server.results_connections"};
  for (const config::Key& key : registry_.keys()) {
    const std::string& name = key.description.name;
    const bool number = !key.allowed.empty() && key.allowed.find_first_not_of("0123456789 to") == std::string::npos;
    if (!number) continue;
    const bool has_unit = name.ends_with("_ms") || name.ends_with("_bytes") || name.ends_with("_bytes_min") ||
                          name.ends_with("_days") || name.ends_with("_max");
    EXPECT_TRUE(has_unit || std::find(counts.begin(), counts.end(), name) != counts.end()) << name;
  }
}

TEST_F(SettingsTest, DefaultsAreThoseOfTheRooms) {
  EXPECT_EQ(load({}), std::vector<std::string>{});
  EXPECT_EQ(settings_.postgres.connections_max, postgres::PoolOptions{}.connections_max);
  EXPECT_EQ(settings_.redis.command_timeout_ms, redis::Options{}.command_timeout_ms);
  EXPECT_EQ(settings_.log.level, log::Options{}.level);
  EXPECT_TRUE(redis::is_sound(settings_.redis));
  EXPECT_EQ(settings_.limits.quotas(), tenants::Quotas{});
}

TEST_F(SettingsTest, EveryKeyReachesAPlaceOfItsOwn) {
  // Another value for each key; a key that is bound to the place of another would leave its own default behind.
  std::vector<std::string> flags = {"log.level=warn", "redis.endpoint=unix:/r.sock"};
  int64_t number = 64 << 10;
  for (const config::Key& key : registry_.keys()) {
    const std::string& name = key.description.name;
    if (name == "log.level" || name == "redis.endpoint") continue;
    if (key.allowed == "true or false") {
      flags.push_back(name + "=" + (key.default_text == "true" ? "false" : "true"));
      continue;
    }
    const std::string value =
        key.check(std::to_string(number)) ? std::to_string(2 + number % 50) : std::to_string(number);
    flags.push_back(name + "=" + value);
    ++number;
  }
  // Between the keys, what their rules ask for.
  flags.push_back("redis.reconnect_delay_min_ms=3");
  flags.push_back("redis.reconnect_delay_max_ms=4");
  flags.push_back("postgres.connections_max=999");
  ASSERT_EQ(load(flags), std::vector<std::string>{});
  // Declared over what was loaded, the defaults are what the places hold.
  config::Registry second;
  declare(second, settings_);
  for (size_t i = 0; i < second.keys().size(); ++i) {
    EXPECT_EQ(second.keys()[i].default_text, registry_.keys()[i].value_text) << registry_.keys()[i].description.name;
  }
}

TEST_F(SettingsTest, RulesBetweenKeys) {
  EXPECT_EQ(load({"redis.reconnect_delay_max_ms=10"}),
            std::vector<std::string>{
                "flag --set redis.reconnect_delay_max_ms: redis.reconnect_delay_max_ms = \"10\": is less than "
                "redis.reconnect_delay_min_ms; raise it, or lower the other"});
  EXPECT_EQ(load({"worker.threads=8"}),
            std::vector<std::string>{"flag --set worker.threads: worker.threads = \"8\": leaves no connection to keep "
                                     "leases with; lower it below postgres.connections_max, or raise that"});
  EXPECT_EQ(load({"worker.threads=8", "postgres.connections_max=9"}), std::vector<std::string>{});
}

TEST_F(SettingsTest, Endpoints) {
  EXPECT_EQ(load({"redis.endpoint="}), std::vector<std::string>{});
  EXPECT_EQ(load({"redis.endpoint=redis"}),
            std::vector<std::string>{"flag --set redis.endpoint: redis.endpoint = \"redis\": is no endpoint; write "
                                     "host:port, [address]:port or unix:/path"});
}

TEST_F(SettingsTest, SecretsAreMarked) {
  for (const char* name : {"postgres.conninfo", "redis.password"}) {
    ASSERT_NE(registry_.find(name), nullptr);
    EXPECT_TRUE(registry_.find(name)->description.secret) << name;
  }
}

TEST_F(SettingsTest, QuotasOfNewTenants) {
  ASSERT_EQ(load({"limits.tenant_people_max=1", "limits.tenant_runs_per_day_max=2",
                  "limits.tenant_stored_bytes_max=3KiB", "limits.tenant_requests_per_second_max=4"}),
            std::vector<std::string>{});
  const tenants::Quotas quotas = settings_.limits.quotas();
  EXPECT_EQ(quotas.people_max, 1);
  EXPECT_EQ(quotas.runs_per_day_max, 2);
  EXPECT_EQ(quotas.stored_bytes_max, 3072);
  EXPECT_EQ(quotas.requests_per_second_max, 4);
}

}  // namespace
}  // namespace kaogong::gateway
