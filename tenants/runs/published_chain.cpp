#include "tenants/runs/published_chain.h"

#include "tenants/runs/correction.h"

namespace kaogong::runs {

using tenants::Result;

std::string chain_sql(const tenants::Tenant& tenant) {
  const auto& schema = tenant.schema();
  const std::string columns = "r.run_id, r.kind, r.outputs, r.checksum, r.base_run_id";
  return "WITH RECURSIVE chain AS (SELECT " + columns + ", 1 AS place FROM " + schema.quoted("publications") +
         " p JOIN " + schema.quoted("runs") +
         " r USING (run_id) WHERE p.scheme_id = $1 AND p.period = $2 UNION ALL SELECT " + columns +
         ", c.place + 1 FROM chain c JOIN " + schema.quoted("runs") +
         " r ON r.run_id = c.base_run_id WHERE c.kind = 'correction' AND c.place <= " + std::to_string(kChainLinksMax) +
         ") SELECT run_id, kind, outputs, checksum FROM chain ORDER BY place";
}

Chain chain_of(const postgres::Rows& rows) {
  Chain chain;
  for (const auto& row : rows) {
    const auto checksum = row.bytes(3);
    chain.push_back({RunId{row.int64(0)}, row.text(1) == to_text(RunKind::kCorrection), split_lines(row.text(2)),
                     std::string(reinterpret_cast<const char*>(checksum.data()), checksum.size())});
  }
  return chain;
}

std::string page_sql(const tenants::Tenant& tenant) {
  return "SELECT bytes FROM " + tenant.schema().quoted("results") +
         " WHERE run_id = $1 AND first_employee <= $2 ORDER BY first_employee DESC LIMIT 1";
}

Result<std::optional<EffectiveResult>> effective_result_of(const Chain& chain, const std::vector<postgres::Rows>& pages,
                                                           std::string_view employee) {
  for (size_t i = 0; i < chain.size() && i < pages.size(); ++i) {
    const ChainLink& link = chain[i];
    auto row = employee_in(pages[i], link.run, link.outputs, employee);
    if (!row) return row.failure();
    if (!link.is_correction) {
      if (!*row) return std::optional<EffectiveResult>();
      return std::optional<EffectiveResult>({link.run, link.outputs, **std::move(row)});
    }
    if (!*row || (*row)->values.empty()) continue;
    if ((*row)->values.front() == to_text(ChangeKind::kRemoved)) return std::optional<EffectiveResult>();
    return std::optional<EffectiveResult>(of_correction(link.run, link.outputs, **row));
  }
  return tenants::conflict("too many corrections of corrections: publish the period anew");
}

}  // namespace kaogong::runs
