// PostgreSQL and Redis killed, stopped, emptied and restarted under load: no answer is wrong, what cannot be done is
// refused with 503 and a problem document, everything comes back by itself, and no change is lost or made twice.
// KAOGONG_FAULTS says how often it all happens.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>

#include "infra/redis/client.h"
#include "tests/gateway/serve/clients.h"
#include "tests/gateway/serve/host_kit.h"

namespace kaogong::gateway::test {
namespace {

constexpr uint64_t kRefusals = 5;   // that must be seen before what failed comes back
constexpr uint64_t kGoodCalls = 3;  // of each client, between two faults
constexpr int kUploadRows = 100;

int rounds() {
  const char* text = std::getenv("KAOGONG_FAULTS");
  return text == nullptr ? 1 : std::max(1, std::atoi(text));
}

/// The text or number behind `"name":`.
std::string member(const std::string& json, std::string_view name) {
  const auto at = json.find("\"" + std::string(name) + "\":");
  if (at == std::string::npos) return "none";
  const auto from = at + name.size() + 3 + (json[at + name.size() + 3] == '"' ? 1 : 0);
  return json.substr(from, json.find_first_of("\",}]", from) - from);
}

class ServeFaults : public HostTest {
 protected:
  cluster::Postgres& postgres = kaogong::test::program_postgres();
  cluster::Redis& redis = kaogong::test::program_redis();
  std::unique_ptr<Host> host = start(settings());
  Clients clients{key};

  void SetUp() override {
    // What must be answered, whenever anything is.
    Clients first(key);
    Client asks = first.one(host->port());
    for (int i = 1; i <= kPeople; ++i) {
      const auto target = "/v1/results/pay/2026-01/" + employee(i);
      known[target] = asks.get(target).body;
      EXPECT_EQ(member(known[target], "pay"), shown(tenant, runs::RunId{std::stoll(run)}, employee(i), "pay"));
    }
    for (const std::string target :
         {"/v1/results/pay/2026-01?page_size=100", "/v1/leaders/pay/2026-01?output=pay&count=5",
          "/v1/distributions/pay/2026-01?output=pay", "/v1/runs/%/results?page_size=100",
          "/v1/inputs/pay/2026-02/sheets/population/entries/E000001", "/v1/periods", "/v1/schemes", "/openapi.json",
          "/readyz", "/livez"}) {
      const auto at = target.find('%');
      const auto whole = at == std::string::npos ? target : target.substr(0, at) + run + target.substr(at + 1);
      const auto answer = asks.get(whole);
      EXPECT_EQ(answer.status, 200) << whole << answer.body;
      others.emplace_back(whole, answer.body);
    }
    calculate(asks);
    EXPECT_NE(undisturbed.find(employee(kPeople)), std::string::npos) << undisturbed;
  }

  void begin_clients() {
    const auto port = host->port();
    clients.begin(port, [this, n = 0](Client& client) mutable { read_one(client, ++n); });
    clients.begin(port, [this, n = 0](Client& client) mutable { read_one(client, n += 7); });
    clients.begin(port, [this, n = size_t{0}](Client& client) mutable {
      const auto& [target, body] = others[n++ % others.size()];
      client.expect(target, body);
    });
    for (auto& one : written) clients.begin(port, [this, &one](Client& client) { write_entry(client, one); });
    clients.begin(port, [this](Client& client) { add_person(client); });
    clients.begin(port, [this](Client& client) { upload(client); });
    clients.begin(port, [this](Client& client) { calculate(client); });
  }

  void read_one(Client& client, int number) {
    const auto& [target, body] = *std::next(known.begin(), number % kPeople);
    client.expect(target, body);
  }

  /// One entry that only this client changes: each version is seen as it was written.
  struct Written {
    std::string employee, tag;
    int versions = 0;
  };
  void write_entry(Client& client, Written& one) {
    const auto target = "/v1/inputs/small/2026-03/sheets/population/entries/" + one.employee;
    const auto wage = std::to_string(one.versions + 1) + ".00";
    const auto put = client.change("PUT", target, R"({"rows":[{"wage":")" + wage + R"(","late":0}]})",
                                   one.tag.empty() ? "" : "If-Match: " + one.tag + "\r\n");
    if (put.status != (one.versions == 0 ? 201 : 200) || member(put.body, "changed") != "true")
      return client.fail("the entry gave " + std::to_string(put.status) + " " + put.body);
    ++one.versions;
    const auto stands = client.get(target);
    one.tag = stands.field("etag");
    if (stands.status != 200 || member(stands.body, "wage") != wage)
      client.fail("the entry is " + std::to_string(stands.status) + " " + stands.body + ", not " + wage);
  }

  void add_person(Client& client) {
    const auto name = "P" + std::to_string(people + 1);
    const auto added =
        client.change("POST", "/v1/people", R"({"employee":")" + name + R"(","name":"x","hired_on":"2026-01-01"})");
    if (added.status != 201) return client.fail(name + " gave " + std::to_string(added.status) + " " + added.body);
    ++people;
  }

  void upload(Client& client) {
    const auto points = std::to_string(uploads % 9 + 1);
    std::string rows;
    for (int i = 1; i <= kUploadRows; ++i)
      rows += R"({"employee":")" + employee(i) + R"(","rater":"a","points":)" + points + "}\n";
    const auto stored = client.change("POST", "/v1/inputs/small/2026-03/sheets/ratings", rows,
                                      "Content-Type: application/x-ndjson\r\n");
    if (stored.status != 200 || member(stored.body, "lines") != std::to_string(kUploadRows) ||
        member(stored.body, "refused_lines") != "0" || member(stored.body, "stored") != "true")
      return client.fail("the upload gave " + std::to_string(stored.status) + " " + stored.body);
    ++uploads;
    const auto target = "/v1/inputs/small/2026-03/sheets/ratings/entries/" + employee(uploads % kUploadRows + 1);
    const auto stands = client.get(target);
    if (stands.status != 200 || member(stands.body, "points") != points)
      client.fail("the upload left " + stands.body + ", not " + points);
  }

  void calculate(Client& client) {
    const auto made = client.change("POST", "/v1/runs", R"({"scheme":"pay","period":"2026-02","kind":"preview"})");
    if (made.status != 202) return client.fail("the run gave " + std::to_string(made.status) + " " + made.body);
    const auto id = member(made.body, "id");
    calculated.push_back(id);
    for (std::string state = "running"; state != "succeeded";) {
      const auto now = client.get("/v1/operations/" + id);
      state = member(now.body, "state");
      if (now.status != 200 || (state != "running" && state != "waiting" && state != "succeeded"))
        return client.fail("the run is " + std::to_string(now.status) + " " + now.body);
    }
    const auto page = client.get("/v1/runs/" + id + "/results?page_size=100");
    const auto came_to = page.body.substr(std::min(page.body.find("\"items\""), page.body.size()));
    if (undisturbed.empty()) undisturbed = came_to;
    if (page.status != 200 || came_to != undisturbed)
      client.fail("the run came to " + std::to_string(page.status) + " " + page.body);
  }

  void flush_redis() {
    redis::Options options;
    options.endpoint = "unix:" + redis.socket().string();
    redis::Loop loop;
    redis::Client client(loop, options, logger);
    ASSERT_TRUE(client.wait_connected(60'000));
    ASSERT_TRUE(client.call(redis::raw(redis::Command{"FLUSHALL"})).ok());
  }

  /// What was answered is what there is, once.
  void expect_all_there() {
    Clients last(key);
    Client asks = last.one(host->port());
    const std::string schema = "kg_" + tenant.id().text() + ".";
    for (const auto& one : written) {
      SCOPED_TRACE(one.employee);
      std::string wages;
      for (int i = 1; i < one.versions; ++i) wages += (i > 1 ? " " : "") + std::to_string(i) + ".00";
      EXPECT_EQ(value("SELECT coalesce(string_agg(split_part(old_payload, ',', 2), ' ' ORDER BY change_id), '') FROM " +
                      schema + "entry_changes WHERE sheet = 'population' AND employee = '" + one.employee + "'"),
                wages);
    }
    EXPECT_EQ(value("SELECT count(*) FROM " + schema + "entry_changes WHERE sheet = 'ratings'"),
              std::to_string(kUploadRows * (uploads - 1)));
    EXPECT_EQ(value("SELECT count(*) FROM " + schema + "people"), std::to_string(people));
    EXPECT_EQ(value("SELECT count(*) FROM " + schema + "runs WHERE kind = 'preview'"),
              std::to_string(calculated.size()));
    EXPECT_EQ(member(asks.get("/v1/audit/verify").body, "whole"), "true");
  }

  std::map<std::string, std::string> known;
  std::vector<std::pair<std::string, std::string>> others;
  Written written[2] = {{"W1", {}, 0}, {"W2", {}, 0}};
  int people = 0, uploads = 0;
  std::vector<std::string> calculated;
  std::string undisturbed;  // results of a run before anything happened
};

TEST_F(ServeFaults, NothingIsWrongLostOrDoubled) {
  begin_clients();
  const auto all_good = [&] { return clients.wait_good(kGoodCalls); };
  const auto refused = [&] { return clients.wait_refused(kRefusals); };
  struct Fault {
    const char* name;
    std::function<void()> happens, ends;
    std::function<bool()> seen;
  };
  const Fault faults[] = {
      {"PostgreSQL is killed", [&] { postgres.kill(); }, [&] { postgres.start(); }, refused},
      {"PostgreSQL is restarted", [&] { postgres.stop(); }, [&] { postgres.start(); }, refused},
      {"PostgreSQL stands still", [&] { postgres.pause(); }, [&] { postgres.resume(); }, refused},
      {"Redis is emptied", [&] { flush_redis(); }, [] {}, all_good},
      {"Redis is killed", [&] { redis.kill(); }, [&] { redis.start(); }, all_good},
      {"Redis stands still", [&] { redis.pause(); }, [&] { redis.resume(); }, all_good},
      {"both are killed", [&] { redis.kill(), postgres.kill(); }, [&] { redis.start(), postgres.start(); }, refused},
      {"both stand still", [&] { redis.pause(), postgres.pause(); }, [&] { redis.resume(), postgres.resume(); },
       refused},
  };
  for (int round = 0; round < rounds(); ++round) {
    for (const auto& fault : faults) {
      SCOPED_TRACE(fault.name);
      ASSERT_TRUE(all_good());
      fault.happens();
      const bool seen = fault.seen();
      fault.ends();
      ASSERT_TRUE(seen);
      ASSERT_TRUE(all_good());
    }
  }
  clients.stop();
  ASSERT_FALSE(clients.has_failed());
  std::printf("%llu good answers, %llu refusals\n", static_cast<unsigned long long>(clients.good()),
              static_cast<unsigned long long>(clients.refused()));
  expect_all_there();
  EXPECT_TRUE(host->drain());
}

}  // namespace
}  // namespace kaogong::gateway::test
