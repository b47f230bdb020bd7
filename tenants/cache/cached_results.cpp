#include "tenants/cache/cached_results.h"

#include "tenants/snapshot/bytes.h"

namespace kaogong::cache {

using runs::EffectiveResult;
using runs::Leader;
using runs::Run;
using tenants::Result;
using tenants::TenantTransaction;

namespace {

constexpr uint64_t kFieldsMax = 20'000;

std::string bytes_of(const std::vector<Leader>& list) {
  snapshot::ByteWriter out;
  out.varint(list.size());
  for (const auto& leader : list) {
    out.text(leader.employee);
    out.text(leader.value);
    out.varint(static_cast<uint64_t>(leader.place));
  }
  return out.take();
}

std::optional<std::vector<Leader>> leaders_of(std::string_view bytes) {
  snapshot::ByteReader in(bytes);
  std::vector<Leader> list(in.varint(runs::kLeadersMax));
  for (auto& leader : list) {
    leader.employee = std::string(in.text());
    leader.value = std::string(in.text());
    leader.place = static_cast<int64_t>(in.varint(INT64_MAX));
  }
  if (!in.ok() || in.left() != 0) return std::nullopt;
  return list;
}

}  // namespace

std::optional<PublishedRun> published_run(TenantTransaction& transaction, std::string_view scheme_id,
                                          scheme::Period period) {
  const auto rows = transaction.sql().query("SELECT p.run_id, r.checksum FROM " + transaction.table("publications") +
                                                " p JOIN " + transaction.table("runs") +
                                                " r USING (run_id) WHERE p.scheme_id = $1 AND p.period = $2",
                                            {scheme_id, scheme::to_text(period)});
  if (rows.empty()) return std::nullopt;
  const auto checksum = rows.one().bytes(1);
  return PublishedRun{rows.one().int64(0),
                      std::string(reinterpret_cast<const char*>(checksum.data()), checksum.size())};
}

std::string result_name(std::string_view tenant, const PublishedRun& run, std::string_view employee) {
  return cache_name({"typed result", tenant, std::to_string(run.run), run.checksum, employee});
}

std::string to_bytes(const std::optional<EffectiveResult>& result) {
  snapshot::ByteWriter out;
  out.u8(result ? 1 : 0);
  if (!result) return out.take();
  out.varint(static_cast<uint64_t>(number_of(result->from)));
  out.u8(result->result.refused ? 1 : 0);
  out.varint(result->outputs.size());
  for (const auto& output : result->outputs) out.text(output);
  out.varint(result->result.values.size());
  for (const auto& value : result->result.values) {
    out.u8(value ? 1 : 0);
    if (value) out.text(*value);
  }
  for (const auto type : result->result.types) out.u8(static_cast<uint8_t>(type));
  return out.take();
}

std::optional<std::optional<EffectiveResult>> result_of(std::string_view bytes) {
  snapshot::ByteReader in(bytes);
  std::optional<EffectiveResult> result;
  if (in.u8() != 0) {
    result.emplace();
    result->from = runs::RunId{static_cast<int64_t>(in.varint(INT64_MAX))};
    result->result.refused = in.u8() != 0;
    result->outputs.resize(in.varint(kFieldsMax));
    for (auto& output : result->outputs) output = std::string(in.text());
    result->result.values.resize(in.varint(kFieldsMax));
    for (auto& value : result->result.values)
      if (in.u8() != 0) value = std::string(in.text());
    result->result.types.resize(result->result.values.size());
    for (auto& type : result->result.types) {
      const uint8_t read = in.u8();
      if (read > static_cast<uint8_t>(scheme::TypeName::kDate)) return std::nullopt;
      type = static_cast<scheme::TypeName>(read);
    }
  }
  if (!in.ok() || in.left() != 0) return std::nullopt;
  return result;
}

Result<std::optional<EffectiveResult>> published_result(const SealedCache& cache, TenantTransaction& transaction,
                                                        std::string_view scheme_id, scheme::Period period,
                                                        std::string_view employee) {
  const auto current = published_run(transaction, scheme_id, period);
  if (!current) return std::optional<EffectiveResult>();
  const std::string name = result_name(transaction.tenant().id().text(), *current, employee);
  if (const auto bytes = cache.get(name))
    if (auto result = result_of(*bytes)) return *std::move(result);
  auto result = runs::effective_result(transaction, runs::RunId{current->run}, employee);
  if (result) cache.put(name, to_bytes(*result), kResultsLast);
  return result;
}

Result<std::vector<Leader>> leaders(const SealedCache& cache, tenants::TenantDatabase& database,
                                    runs::EffectiveResults& results, const tenants::Tenant& tenant,
                                    const tenants::Actor& actor, runs::RunId id, std::string_view output,
                                    size_t count) {
  const auto run =
      database.transact(tenant, actor, [&](TenantTransaction& transaction) { return runs::read_run(transaction, id); });
  if (!run) return run.failure();
  const std::string name = cache_name(
      {"leaders", tenant.id().text(), std::to_string(number_of(id)), run->checksum, output, std::to_string(count)});
  if (!run->checksum.empty()) {
    if (const auto bytes = cache.get(name))
      if (auto list = leaders_of(*bytes)) return *std::move(list);
  }
  const auto whole = results.get(tenant, actor, id);
  if (!whole) return whole.failure();
  auto list = runs::leaders((*whole)->view(), output, count);
  if (list) cache.put(name, bytes_of(*list), kResultsLast);
  return list;
}

}  // namespace kaogong::cache
