#include "engine/plan/program.h"

#include <algorithm>
#include <cstring>

#include "engine/column/inline_lookups.h"
#include "engine/plan/execute.h"
#include "engine/plan/prepare.h"

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

// Inputs without rows, of the declared types: what checking binds against.
column::Inputs blank_inputs(const scheme::Document& document) {
  column::Inputs inputs;
  const auto kind = document.periods.empty() ? scheme::PeriodKind::kMonth : document.periods.front();
  inputs.period = scheme::first_within({scheme::PeriodKind::kYear, 2026}, kind);
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
    data.newest = scheme::first_within(inputs.period, data.kind).index - 1 +
                  (data.kind == kind ? 0 : scheme::months_of(kind) / scheme::months_of(data.kind));
  }
  for (const auto& p : document.parameters) inputs.parameters.push_back(blank_column(p.type));
  return inputs;
}

// Rows that failed are set aside; the caller learns of them when the run is through.
class SetAside final : public Fallback {
 public:
  explicit SetAside(std::vector<uint8_t>* refused) : refused_(refused) {}
  void recompute(uint32_t, const std::vector<uint32_t>& failed) override {
    for (const uint32_t row : failed) {
      (*refused_)[row] = 1;
      rows.push_back(row);
    }
  }
  void interpret(const Node&, column::Column*) override {}
  std::vector<uint32_t> rows;

 private:
  std::vector<uint8_t>* refused_;
};

column::Column take(const BoundDecision& decision, const scheme::Decision& decl, size_t rows, Schedule* schedule,
                    std::vector<uint8_t>* taken) {
  column::Column column;
  column.type = decl.type.name;
  column.scale = decl.type.scale;
  column.dictionary = decision.value.dictionary;
  const Node* num = decision.value.num;
  if (num->op == Op::kConst) {
    column.physical = num->physical;
    column.allocate(rows, false);
    for (size_t r = 0; r < rows; ++r) column.set(r, num->constant);
  } else {
    column::Column& whole = *schedule->whole[num->id];
    column.physical = whole.physical;
    column.rows = whole.rows;
    if ((*taken)[num->id] == 0) {
      (*taken)[num->id] = 1;
      column.data = std::move(whole.data);
    } else {
      column.data.resize(whole.rows * column::width_of(whole.physical));
    }
  }
  if (const Node* valid = decision.value.valid; valid != nullptr) {
    column.valid.resize(rows);
    if (valid->op == Op::kConst) {
      if (rows != 0) std::memset(column.valid.data(), static_cast<int>(valid->constant), rows);
    } else {
      // Another decision may have the same validity: copy.
      const auto* bytes = reinterpret_cast<const std::byte*>(schedule->whole[valid->id]->data.data());
      if (rows != 0) std::memcpy(column.valid.data(), bytes, rows);
    }
  }
  return column;
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

RunResult run(const Program& program, const column::Inputs& inputs, std::vector<uint8_t> refused, const RunOptions& options) {
  const scheme::Document& document = program.document;
  RunResult result;
  const size_t rows = inputs.rows();
  if (refused.empty()) refused.resize(rows, 0);
  Prepared prepared;
  prepare(document, inputs, &prepared);
  if (!prepared.failure.empty()) {
    result.failure = prepared.failure;
    return result;
  }
  BoundScheme bound = bind(prepared.input);
  for (const auto& finding : bound.findings)
    if (finding.severity == scheme::Severity::kError) {
      result.failure = finding.message;
      return result;
    }
  // Which decisions are wanted, outputs first.
  std::vector<size_t> wanted;
  for (const auto& name : document.outputs)
    for (size_t d = 0; d < document.decisions.size(); ++d)
      if (document.decisions[d].name == name) wanted.push_back(d);
  if (options.keep_all)
    for (size_t d = 0; d < document.decisions.size(); ++d)
      if (std::find(wanted.begin(), wanted.end(), d) == wanted.end()) wanted.push_back(d);
  std::vector<const Node*> roots;
  for (const size_t d : wanted)
    for (const Node* n : {bound.decisions[d].value.num, bound.decisions[d].value.valid})
      if (n != nullptr && n->op != Op::kConst) roots.push_back(n);
  Schedule schedule = make_schedule(bound, roots, prepared.input, options.workspace);
  SetAside aside(&refused);
  execute(&schedule, prepared.input, &refused, &aside, {options.threads, options.morsel_rows, options.progress});
  for (const uint32_t row : aside.rows) {
    column::Fault fault;
    fault.row = row;
    fault.file = "population";
    fault.error = {"无法计算", "cannot be computed"};
    result.faults.push_back(std::move(fault));
  }
  std::vector<uint8_t> taken(schedule.whole.size(), 0);
  for (const size_t d : wanted) {
    result.names.push_back(document.decisions[d].name);
    result.columns.push_back(take(bound.decisions[d], document.decisions[d], rows, &schedule, &taken));
  }
  // Two decisions of one value: the second copies.
  for (size_t i = 0; i < wanted.size(); ++i)
    for (size_t j = i + 1; j < wanted.size(); ++j)
      if (bound.decisions[wanted[i]].value.num == bound.decisions[wanted[j]].value.num &&
          bound.decisions[wanted[i]].value.num->op != Op::kConst && result.columns[i].data.bytes() != 0)
        std::memcpy(result.columns[j].data.data(), result.columns[i].data.data(), result.columns[i].data.bytes());
  if (options.workspace != nullptr)
    for (auto& whole : schedule.whole)
      if (whole != nullptr) options.workspace->give(std::move(whole->data));
  result.refused = std::move(refused);
  return result;
}

void recycle(RunResult result, column::Workspace* workspace) {
  for (auto& column : result.columns) workspace->give(std::move(column.data));
}

}  // namespace kaogong::plan
