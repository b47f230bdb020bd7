#include "tenants/inputs/sheet_ref.h"

#include <algorithm>

#include "engine/scheme/load.h"
#include "tenants/packs/packs.h"
#include "tenants/registry/counters.h"
#include "tenants/schemes/schemes.h"

namespace kaogong::tenants {

SheetList::SheetList(const scheme::Document& document) {
  auto spec = folder::folder_spec(document);
  for (size_t i = 0; i < spec.files.size(); ++i) {
    const bool is_lookup = i > spec.history() && i < spec.parameters();
    if (is_lookup && document.lookups[i - spec.lookup(0)].is_inline) continue;
    sheets_.push_back(std::move(spec.files[i]));
  }
}

Result<const folder::FileSpec*> SheetList::find(std::string_view name) const {
  const auto found =
      std::find_if(sheets_.begin(), sheets_.end(), [&](const folder::FileSpec& sheet) { return sheet.name == name; });
  if (found != sheets_.end()) return &*found;
  std::string names;
  for (const auto& sheet : sheets_) names += (names.empty() ? "" : ", ") + sheet.name;
  return not_found("the scheme has no sheet '" + std::string(name) + "'; it has " + names);
}

bool is_by_employee(const folder::FileSpec& sheet) {
  return std::any_of(sheet.columns.begin(), sheet.columns.end(), [](const folder::ColumnSpec& column) {
    return column.kind == folder::ColumnSpec::Kind::kEmployee;
  });
}

Result<scheme::Document> document_for_entry(TenantTransaction& transaction, const InputSet& set) {
  const auto found = find_scheme(transaction, set.scheme_id);
  if (!found) return found.failure();
  auto document = scheme::load(found->text, packs::library()).document;
  if (!document) return Failure{FailureCode::kInternal, "the published scheme " + set.scheme_id + " cannot be read"};
  if (std::find(document->periods.begin(), document->periods.end(), set.period.kind) == document->periods.end())
    return invalid("scheme " + set.scheme_id + " does not run for periods like " + scheme::to_text(set.period));
  return *std::move(document);
}

int64_t watermark(TenantTransaction& transaction, const InputSet& set) {
  return transaction.taken(watermark_counter(set.scheme_id, scheme::to_text(set.period)));
}

}  // namespace kaogong::tenants
