// The floor: binary COPY out of packed inputs, binary COPY in of results as bigint.
#include <cinttypes>

#include "bench/database_w/stages.h"
#include "infra/postgres/copy.h"

namespace kaogong::bench {

namespace {

constexpr size_t kRatings = 72, kSmall = 13,
                 kMoney = 6;  // inputs: dept and twelve small ones, six amounts, the ratings

std::vector<std::string> input_names() {
  std::vector<std::string> names{"id"};
  for (size_t i = 0; i < kSmall; ++i) names.push_back("v" + std::to_string(i));
  for (size_t i = 0; i < kMoney; ++i) names.push_back("m" + std::to_string(i));
  names.emplace_back("r");
  return names;
}

std::vector<std::string> result_names(const plan::RunResult& result) {
  std::vector<std::string> names{"id"};
  for (const auto& name : result.names) names.push_back("c_" + name);
  return names;
}

}  // namespace

void create_floor(postgres::Pool& owner, const column::Inputs& inputs) {
  const auto names = input_names();
  std::string columns = "id integer";
  for (size_t i = 0; i < kSmall; ++i) columns += ", " + names[1 + i] + (i == 0 ? " integer" : " smallint");
  for (size_t i = 0; i < kMoney; ++i) columns += ", " + names[1 + kSmall + i] + " bigint";
  run_script(owner, "CREATE SCHEMA IF NOT EXISTS bench; CREATE TABLE bench.packed (" + columns + ", r bytea)");
  const std::vector<std::string_view> views(names.begin(), names.end());
  auto transaction = postgres::Transaction::as_login_role(owner, {.statement_timeout_ms = 0});
  {
    const postgres::SchemaName schema(kSchema);
    postgres::BinaryCopyIn copy(transaction, postgres::CopyTable{schema, "packed", views});
    std::byte ratings[kRatings];
    for (size_t row = 0; row < inputs.rows(); ++row) {
      const auto value = [&](size_t column) { return static_cast<int64_t>(inputs.inputs[column].get(row)); };
      copy.row().int32(static_cast<int32_t>(row + 1)).int32(static_cast<int32_t>(value(0)));
      for (size_t i = 1; i < kSmall; ++i) copy.int16(static_cast<int16_t>(value(i)));
      for (size_t i = 0; i < kMoney; ++i) copy.int64(value(kSmall + i));
      for (size_t i = 0; i < kRatings; ++i) ratings[i] = static_cast<std::byte>(value(kSmall + kMoney + i));
      copy.bytes(ratings);
    }
    copy.finish();
  }
  if (!transaction.commit().committed()) std::abort();
  run_script(owner, "ANALYZE bench.packed");
}

int64_t floor_out(postgres::Pool& owner, int connections) {
  int64_t blocks = 0;
  {
    auto transaction = postgres::Transaction::as_login_role(owner);
    blocks = transaction.query("SELECT pg_relation_size('bench.packed') / 8192").one().int64(0);
  }
  std::vector<int64_t> rows(kConnections, 0);
  in_parts([&](int part) {
    if (part >= connections) return;
    auto transaction = postgres::Transaction::as_login_role(owner, {.statement_timeout_ms = 0});
    std::string query = "SELECT * FROM bench.packed";
    if (connections > 1)
      query += " WHERE ctid >= '(" + std::to_string(blocks * part / connections) + ",0)' AND ctid < '(" +
               std::to_string(part + 1 == connections ? INT32_MAX : blocks * (part + 1) / connections) + ",0)'";
    postgres::BinaryCopyOut copy(transaction, std::string_view(query));
    while (copy.next()) ++rows[static_cast<size_t>(part)];
  });
  int64_t total = 0;
  for (const int64_t n : rows) total += n;
  return total;
}

void floor_in(postgres::Pool& owner, const plan::RunResult& result, int connections) {
  const auto names = result_names(result);
  const std::vector<std::string_view> views(names.begin(), names.end());
  const size_t rows = result.refused.size();
  const postgres::SchemaName schema(kSchema);
  in_parts([&](int part) {
    if (part >= connections) return;
    auto transaction = postgres::Transaction::as_login_role(owner, {.statement_timeout_ms = 0});
    {
      postgres::BinaryCopyIn copy(transaction, postgres::CopyTable{schema, "plain", views});
      const auto cut = [&](int p) { return rows * static_cast<size_t>(p) / static_cast<size_t>(connections); };
      for (size_t row = cut(part); row < cut(part + 1); ++row) {
        copy.row().int32(static_cast<int32_t>(row + 1));
        for (const auto& column : result.columns) copy.int64(static_cast<int64_t>(column.get(row)));
      }
      copy.finish();
    }
    if (!transaction.commit().committed()) std::abort();
  });
}

}  // namespace kaogong::bench
