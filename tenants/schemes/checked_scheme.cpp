#include "tenants/schemes/checked_scheme.h"

#include <array>
#include <utility>

#include "engine/plan/program.h"
#include "engine/scheme/load.h"
#include "tenants/audit/json_object.h"
#include "tenants/packs/packs.h"

namespace kaogong::tenants {

CheckedScheme check_scheme(std::string_view text) {
  CheckedScheme checked;
  auto loaded = scheme::load(text, packs::library());
  checked.findings = std::move(loaded.findings);
  if (!loaded.document) return checked;
  checked.document = loaded.document;
  auto compiled = plan::compile(*std::move(loaded.document));
  checked.findings.insert(checked.findings.end(), compiled.findings.begin(), compiled.findings.end());
  checked.compiles = compiled.program != nullptr;
  if (compiled.program != nullptr) checked.interpreted = plan::interpreted_decisions(*compiled.program);
  return checked;
}

std::string finding_json(const scheme::Finding& finding) {
  constexpr std::array<const char*, 3> kSeverities = {"error", "warning", "note"};
  return audit::json_object({{"line", int64_t{finding.at.line}},
                             {"column", int64_t{finding.at.column}},
                             {"severity", std::string(kSeverities[static_cast<size_t>(finding.severity)])},
                             {"code", finding.code},
                             {"message", finding.message},
                             {"remedy", finding.remedy}});
}

std::string findings_json(const std::vector<scheme::Finding>& findings) {
  std::string json = "[";
  for (const auto& finding : findings) json += (json.size() > 1 ? "," : "") + finding_json(finding);
  return json + "]";
}

}  // namespace kaogong::tenants
