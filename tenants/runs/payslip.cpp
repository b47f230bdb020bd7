#include "tenants/runs/payslip.h"

#include <algorithm>

#include "engine/plan/program.h"

namespace kaogong::runs {

using tenants::Result;
using tenants::TenantTransaction;

namespace {

/// Columns that a text takes on a screen: Chinese characters take two.
size_t width_of(std::string_view text) {
  size_t width = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xC0) == 0x80) continue;
    width += byte >= 0xE2 ? 2 : 1;
  }
  return width;
}

std::string said(const scheme::Labels& labels, bool chinese, const std::string& otherwise) {
  const std::string& first = chinese ? labels.zh : labels.en;
  const std::string& second = chinese ? labels.en : labels.zh;
  return !first.empty() ? first : !second.empty() ? second : otherwise;
}

std::string said_value(const PayslipLine& line, bool chinese) {
  if (!line.value) return chinese ? "（无）" : "(none)";
  if (line.type != scheme::TypeName::kBoolean) return *line.value;
  if (chinese) return *line.value == "true" ? "是" : "否";
  return *line.value == "true" ? "yes" : "no";
}

}  // namespace

Result<Payslip> payslip(TenantTransaction& transaction, Programs& programs, const Run& run, std::string_view employee) {
  if (run.checksum.empty() || run.kind == RunKind::kYearEnd)
    return tenants::conflict(named(run.id) + " has no payslips");
  auto result = effective_result(transaction, run.id, employee);
  if (!result) return result.failure();
  if (!*result) return tenants::not_found("the employee has no result in run " + std::to_string(number_of(run.id)));
  const auto text = read_scheme(transaction, run.scheme_id, run.sources.front().version);
  if (!text) return text.failure();
  const auto program = programs.compile(*text);
  if (!program) return program.failure();
  const scheme::Document& document = plan::document_of(**program);
  Payslip slip{std::string(employee), run.scheme_id, document.labels, run.period, (*result)->from, {}, {}, {}};
  slip.refused = (*result)->result.refused;
  if (slip.refused) {
    for (auto& placed : rejects_of(transaction, slip.run, {}, kRejectsPageMax, employee))
      slip.rejects.push_back(std::move(placed.reject));
    return slip;
  }
  for (size_t i = 0; i < (*result)->outputs.size(); ++i) {
    const auto& name = (*result)->outputs[i];
    const auto decision = std::find_if(document.decisions.begin(), document.decisions.end(),
                                       [&](const scheme::Decision& one) { return one.name == name; });
    const auto labels = decision == document.decisions.end() ? scheme::Labels{name, name} : decision->labels;
    slip.lines.push_back({name, labels, (*result)->result.types[i], (*result)->result.values[i]});
  }
  return slip;
}

std::string to_text(const Payslip& slip, bool chinese) {
  std::string text = said(slip.scheme, chinese, slip.scheme_id) + "  " + scheme::to_text(slip.period) + "\n" +
                     (chinese ? "员工：" : "Employee: ") + slip.employee + "\n\n";
  if (slip.refused) {
    text += chinese ? "未能计算：\n" : "Could not be calculated:\n";
    for (const auto& reject : slip.rejects) text += "  " + (chinese ? reject.error_zh : reject.error_en) + "\n";
    return text;
  }
  size_t labels = 0, values = 0;
  for (const auto& line : slip.lines) {
    labels = std::max(labels, width_of(said(line.label, chinese, line.name)));
    values = std::max(values, width_of(said_value(line, chinese)));
  }
  for (const auto& line : slip.lines) {
    const auto label = said(line.label, chinese, line.name), value = said_value(line, chinese);
    text += label + std::string(labels - width_of(label) + 2 + values - width_of(value), ' ') + value + "\n";
  }
  return text;
}

}  // namespace kaogong::runs
