#include "engine/plan/program.h"

#include <algorithm>
#include <deque>

#include "engine/column/inline_lookups.h"
#include "engine/plan/bind.h"
#include "engine/scheme/check/check.h"

namespace kaogong::plan {

class Program {
 public:
  scheme::Document document;
  bool uses_cohort = false;
  std::vector<std::string> interpreted;
};

namespace {

column::Column blank_column(const scheme::TypeDecl& type) {
  column::Column column;
  column.type = type.name;
  column.scale = type.scale;
  column.physical = column::physical_for(type);
  if (type.name == scheme::TypeName::kString) column.dictionary = std::make_shared<column::Dictionary>(type.values);
  return column;
}

constexpr size_t kPeriodsChecked = 12;  // before the run's own, of which history may tell

// Inputs without rows, of the declared types: what checking binds against. A year's last period, so that there are
// others before it.
column::Inputs blank_inputs(const scheme::Document& document) {
  column::Inputs inputs;
  const auto kind = document.periods.empty() ? scheme::PeriodKind::kMonth : document.periods.front();
  inputs.period = scheme::first_within({scheme::PeriodKind::kYear, 2026}, kind);
  inputs.period.index += scheme::months_of(scheme::PeriodKind::kYear) / scheme::months_of(kind) - 1;
  for (const auto& i : document.inputs) inputs.inputs.push_back(blank_column(i.type));
  for (const auto& table : document.tables) {
    auto& data = inputs.tables.emplace_back();
    for (const auto& c : table.columns) data.columns.push_back(blank_column(c.type));
    data.offsets.push_back(0);
  }
  for (const auto& lookup : document.lookups) {
    auto& data = inputs.lookups.emplace_back();
    for (const auto& c : lookup.columns) data.columns.push_back(blank_column(c.type));
  }
  for (const auto& h : document.history) {
    auto& data = inputs.history.emplace_back();
    data.kind = scheme::parse_period_kind(h.every).value_or(kind);
    const int32_t inside = data.kind == kind ? 0 : scheme::months_of(kind) / scheme::months_of(data.kind);
    data.newest = scheme::first_within(inputs.period, data.kind).index - 1 + inside;
    data.by_period.resize(static_cast<size_t>(inside) + kPeriodsChecked);
  }
  for (const auto& p : document.parameters) inputs.parameters.push_back(blank_column(p.type));
  return inputs;
}

// What the binder and the checks both notice is said once: of names and circles in the words of the checks, which know
// what may have been meant.
void join_checks(std::vector<scheme::Finding> checked, std::vector<scheme::Finding>* findings) {
  const size_t bound = findings->size();
  std::vector<bool> replaced(bound);
  for (auto& finding : checked) {
    const auto end = findings->begin() + static_cast<std::ptrdiff_t>(bound);
    const auto said = std::find_if(findings->begin(), end, [&](const auto& f) {
      return f.code == finding.code && f.severity <= finding.severity &&
             (f.at.line == finding.at.line || f.code == "cycle");
    });
    if (said == end) {
      findings->push_back(std::move(finding));
      continue;
    }
    if (finding.code != "unknown-name" && finding.code != "cycle") continue;
    const auto place = static_cast<size_t>(said - findings->begin());
    if (!replaced[place]) {
      *said = std::move(finding);
      replaced[place] = true;
    } else if (said->at.line != finding.at.line || said->at.column != finding.at.column) {
      findings->push_back(std::move(finding));
    }
  }
}

}  // namespace

const scheme::Document& document_of(const Program& program) { return program.document; }
bool needs_whole_population(const Program& program) { return program.uses_cohort; }
std::vector<std::string> interpreted_decisions(const Program& program) { return program.interpreted; }

Compiled compile(scheme::Document document) {
  auto program = std::make_shared<Program>();
  program->document = std::move(document);
  const column::Inputs blank = blank_inputs(program->document);
  BindInput input;
  input.document = &program->document;
  input.inputs = &blank;
  input.check_only = true;
  std::deque<std::vector<column::Column>> lookups;
  for (size_t l = 0; l < program->document.lookups.size(); ++l) {
    const auto& decl = program->document.lookups[l];
    auto& columns = lookups.emplace_back();
    BoundLookup bound;
    if (decl.is_inline) {
      auto table = column::make_inline(decl);
      bound.rows = table.rows;
      columns = std::move(table.columns);
    } else {
      for (const auto& c : decl.columns) columns.push_back(blank_column(c.type));
    }
    bound.columns = &columns;
    input.lookups.push_back(std::move(bound));
  }
  for (const auto& pack : program->document.packs) input.packs.push_back(bind_pack_tables(*pack, std::nullopt));
  input.groups.resize(program->document.groups.size());
  for (size_t g = 0; g < input.groups.size(); ++g) {
    const auto& group = program->document.groups[g];
    for (const auto& by : group.by)
      for (const auto& table : program->document.tables)
        if (table.name == group.of)
          for (const auto& c : table.columns)
            if (c.name == by) input.groups[g].keys.push_back(blank_column(c.type));
    input.groups[g].offsets.push_back(0);
  }
  BoundScheme bound = bind(input);
  Compiled result;
  result.findings = std::move(bound.findings);
  join_checks(scheme::check_document(program->document), &result.findings);
  program->uses_cohort = bound.uses_cohort;
  for (size_t d = 0; d < bound.decisions.size(); ++d)
    if (bound.decisions[d].interpreted) program->interpreted.push_back(program->document.decisions[d].name);
  std::stable_sort(result.findings.begin(), result.findings.end(), [](const auto& a, const auto& b) {
    return std::pair(a.at.line, a.at.column) < std::pair(b.at.line, b.at.column);
  });
  const bool wrong = std::any_of(result.findings.begin(), result.findings.end(),
                                 [](const auto& f) { return f.severity == scheme::Severity::kError; });
  if (!wrong) result.program = std::move(program);
  return result;
}

std::vector<scheme::Finding> check_pack(const std::shared_ptr<const scheme::Pack>& pack) {
  scheme::Document document;
  document.packs.push_back(pack);
  const column::Inputs blank = blank_inputs(document);
  BindInput input;
  input.document = &document;
  input.inputs = &blank;
  input.check_only = true;
  input.packs.push_back(bind_pack_tables(*pack, std::nullopt));
  std::vector<scheme::Finding> findings = bind_pack_functions(input);
  join_checks(scheme::check_pack_expressions(*pack), &findings);
  return findings;
}

void recycle(RunResult result, column::Workspace* workspace) {
  for (auto& column : result.columns) workspace->give(std::move(column.data));
}

}  // namespace kaogong::plan
