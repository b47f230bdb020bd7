#include "gateway/command/findings.h"

#include <cstdio>

#include "tenants/audit/json_object.h"

namespace kaogong::gateway {

namespace {

using tenants::audit::json_string;

constexpr const char* kSeverities[] = {"error", "warning", "note"};

std::string finding_json(const std::string& file, const scheme::Finding& finding) {
  return "{\"file\":" + json_string(file) + ",\"line\":" + std::to_string(finding.at.line) +
         ",\"column\":" + std::to_string(finding.at.column) + ",\"severity\":\"" +
         kSeverities[static_cast<size_t>(finding.severity)] + "\",\"code\":" + json_string(finding.code) +
         ",\"message\":" + json_string(finding.message) + ",\"remedy\":" + json_string(finding.remedy) + "}";
}

}  // namespace

std::string finding_text(const std::string& name, const scheme::Finding& finding) {
  std::string text = name + ":" + std::to_string(finding.at.line) + ":" + std::to_string(finding.at.column) + ": " +
                     kSeverities[static_cast<size_t>(finding.severity)] + ": " + finding.message + " [" + finding.code +
                     "]\n";
  if (!finding.remedy.empty()) text += "    " + finding.remedy + "\n";
  return text;
}

FindingsReport::FindingsReport(bool json) : json_(json) {
  if (json_) std::fputs("[", stdout);
}

void FindingsReport::add(const std::string& file, const std::vector<scheme::Finding>& findings) {
  for (const auto& finding : findings) {
    ++counts_[static_cast<size_t>(finding.severity)];
    if (json_) {
      std::printf("%s\n%s", first_ ? "" : ",", finding_json(file, finding).c_str());
      first_ = false;
    } else {
      std::fputs(finding_text(file, finding).c_str(), stdout);
    }
  }
}

bool FindingsReport::finish() {
  if (json_) {
    std::fputs(first_ ? "]\n" : "\n]\n", stdout);
  } else {
    std::printf("%zu errors, %zu warnings, %zu notes\n", counts_[0], counts_[1], counts_[2]);
  }
  return counts_[0] != 0;
}

}  // namespace kaogong::gateway
