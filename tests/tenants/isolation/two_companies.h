// Two tenants that have the same kinds of things, none with the same id; and what one is told of the other's.
#pragma once

#include <concepts>
#include <functional>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "infra/redis/client.h"
#include "tenants/cache/sealed_cache.h"
#include "tenants/calendar/day.h"
#include "tenants/idempotency/idempotency.h"
#include "tenants/inputs/entries.h"
#include "tenants/runs/chunks.h"
#include "tests/infra/redis/fixture.h"
#include "tests/tenants/runs/run_fixture.h"

namespace kaogong::tenants::test {

/// The ids of what a company has.
struct Belongings {
  std::string scheme, draft, employee, department, ledger, entry_key, run_key, api_key, issuer, audit_subject;
  scheme::Period period;
  Day day = 0;
  InputSet set;
  EntryKey entry;
  runs::RunRow published, calculated, waiting, dropped;  // waiting and dropped are drafts
  int64_t snapshot = 0, assignment = 0, layout = 0, endpoint = 0, delivery = 0;
  runs::Claim claim;
  idempotency::CallKey call;
};

/// A call of one service or several, as a tenant, with ids of `Belongings`.
struct Question {
  std::string services;  // their names, separated by spaces
  std::string answer;    // what a stranger gets: a failure's code, "nothing", "done"
  std::function<std::string(const Tenant&)> ask;
  /// The owner gets the same: the call makes something of the asker's own, or says nothing.
  bool same_for_owner = false;
};

/// What was answered: the code of a failure; "nothing" for none, false, 0, an empty list; else "found".
template <typename T>
std::string said(const T& answer) {
  if constexpr (requires { answer.failure(); }) {
    if (!answer.ok()) return code_of(answer);
    return said(*answer);
  } else if constexpr (std::same_as<T, Done>) {
    return "done";
  } else if constexpr (std::same_as<T, std::optional<Failure>>) {
    return answer ? std::string(to_text(answer->code)) : "done";
  } else if constexpr (requires { answer.has_value(); }) {
    return answer.has_value() ? "found" : "nothing";
  } else if constexpr (requires { answer.empty(); }) {
    return answer.empty() ? "nothing" : "found";
  } else if constexpr (std::is_arithmetic_v<T>) {
    return answer == T{} ? "nothing" : "found";
  } else {
    return "found";
  }
}

class TwoCompaniesTest : public runs::RunTest {
 protected:
  TwoCompaniesTest();

  /// Asks in a transaction of the tenant's: a stranger's is committed whatever was answered, the owner's rolled back.
  template <typename Body>
  std::string ask(const Tenant& as, const Body& body) {
    std::string answer;
    const auto done = in(as, [&](TenantTransaction& t) -> Result<Done> {
      answer = said(body(t));
      if (as.id() == owner.id()) return conflict("rolled back");
      return Done{};
    });
    // A trigger's refusal comes as the transaction's failure.
    return answer.empty() ? code_of(done) : answer;
  }
  /// Asks each question as the stranger, and compares all that the owner has before and after; then as the owner, who
  /// must get another answer: else the question proves nothing.
  void put_to_both(const std::vector<Question>& questions);

  std::vector<Question> about_people();
  std::vector<Question> about_schemes();
  std::vector<Question> about_inputs();
  std::vector<Question> about_money();
  std::vector<Question> about_snapshots();
  std::vector<Question> about_results();
  std::vector<Question> about_runs();
  std::vector<Question> about_access();
  std::vector<Question> about_webhooks();

  /// Every row of the tenant's tables, and those of the control schema that name it, hashed, a line a table.
  std::string everything_of(const Tenant& tenant);

 private:
  Belongings furnish(const Tenant& tenant, const std::string& mark, int32_t month);

 protected:
  const Tenant stranger = make_tenant(), owner = make_tenant();
  redis::Loop loop;
  std::unique_ptr<redis::Client> redis;
  std::optional<cache::SealedCache> sealed;
  Belongings own, foreign;
};

}  // namespace kaogong::tenants::test
