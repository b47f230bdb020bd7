#include "engine/plan/program.h"

#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <cstring>
#include <map>

#include "engine/column/inline_lookups.h"
#include "engine/plan/execute.h"
#include "engine/plan/prepare.h"
#include "engine/reference/reference.h"
#include "engine/reference/row_evaluator.h"
#include "engine/reference/values.h"
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

// The decisions that earlier stages have computed, for the decisions that do not vectorise.
class PlanValues final : public reference::Provider {
 public:
  PlanValues(const BoundScheme& bound, const scheme::Document& document, const Schedule& schedule,
             const std::vector<uint8_t>& done)
      : bound_(bound), document_(document), schedule_(schedule), done_(done) {}
  bool find(uint32_t decision, size_t row, feel::Value* value) override {
    const auto& b = bound_.decisions[decision];
    const Node *num = b.value.num, *valid = b.value.valid;
    const auto ready = [&](const Node* n) {
      return n == nullptr || n->op == Op::kConst || (schedule_.whole[n->id] != nullptr && done_[n->id] != 0);
    };
    if (num == nullptr || !ready(num) || !ready(valid)) return false;
    const auto at = [&](const Node* n) { return n->op == Op::kConst ? n->constant : schedule_.whole[n->id]->get(row); };
    if (valid != nullptr && at(valid) == 0) {
      *value = feel::Value();
      return true;
    }
    column::Column cell;
    cell.type = document_.decisions[decision].type.name;
    cell.scale = document_.decisions[decision].type.scale;
    cell.physical = Physical::kI128;
    cell.dictionary = b.value.dictionary;
    cell.allocate(1, false);
    cell.set(0, at(num));
    *value = reference::to_value(cell, 0);
    return true;
  }

 private:
  const BoundScheme& bound_;
  const scheme::Document& document_;
  const Schedule& schedule_;
  const std::vector<uint8_t>& done_;
};

// Rows that failed are set aside and looked at when the run is through; decisions that do not vectorise are computed
// row by row.
class Setback final : public Fallback {
 public:
  Setback(const BoundScheme& bound, const scheme::Document& document, const column::Inputs& inputs,
          const Schedule& schedule, std::vector<uint8_t>* refused)
      : bound_(bound),
        document_(document),
        inputs_(inputs),
        schedule_(schedule),
        refused_(refused),
        done_(bound.graph->nodes().size(), 0) {}

  void recompute(uint32_t stage, const std::vector<uint32_t>& failed) override {
    for (const uint32_t row : failed) {
      (*refused_)[row] = 1;
      rows.push_back(row);
    }
    if (stage > 0 && !failed.empty()) late = true;
  }

  void interpret(const Node& node, uint32_t stage, column::Column* out) override {
    for (const Node& n : bound_.graph->nodes())
      if (n.stage <= stage && n.op != Op::kInterpreted && n.op != Op::kCohort) done_[n.id] = 1;
    const uint32_t index = node.interpreted / 2;
    if ((node.interpreted & 1) != 0) {  // its validity, computed with its value
      const auto& valid = valid_[index];
      for (size_t r = 0; r < valid.size(); ++r) out->set(r, valid[r]);
      done_[node.id] = 1;
      return;
    }
    if (model_ == nullptr) model_ = std::make_unique<reference::Model>(document_, inputs_);
    out->type = document_.decisions[index].type.name;
    out->scale = document_.decisions[index].type.scale;
    out->dictionary = bound_.decisions[index].value.dictionary;
    auto& valid = valid_[index];
    valid.assign(inputs_.rows(), 1);
    std::vector<uint8_t> failed(inputs_.rows(), 0);
    const auto compute = [&](size_t begin, size_t end) {
      PlanValues values(bound_, document_, schedule_, done_);
      reference::RowEvaluator evaluator(*model_, &values, nullptr);
      for (size_t row = begin; row < end; ++row) {
        if ((*refused_)[row] != 0) continue;
        evaluator.start(row);
        const auto value = evaluator.decision(index);
        if (!value) {
          failed[row] = 1;
        } else if (value->is_null()) {
          valid[row] = 0;
          out->set(row, 0);
        } else {
          reference::store(*value, out, row);
        }
      }
    };
    if (out->type == scheme::TypeName::kString) {
      compute(0, inputs_.rows());  // a string may be new to the dictionary, which grows by one thread only
    } else {
      constexpr size_t kRowsAtOnce = 512;
      tbb::parallel_for(tbb::blocked_range<size_t>(0, inputs_.rows(), kRowsAtOnce),
                        [&](const auto& range) { compute(range.begin(), range.end()); });
    }
    for (size_t row = 0; row < failed.size(); ++row) {
      if (failed[row] == 0) continue;
      (*refused_)[row] = 1;
      rows.push_back(static_cast<uint32_t>(row));
      late = late || stage > 0;
    }
    done_[node.id] = 1;
  }

  std::vector<uint32_t> rows;  // that left the plan
  bool late = false;           // some of them after cohorts were computed with them

 private:
  const BoundScheme& bound_;
  const scheme::Document& document_;
  const column::Inputs& inputs_;
  const Schedule& schedule_;
  std::vector<uint8_t>* refused_;
  std::vector<uint8_t> done_;
  std::map<uint32_t, std::vector<uint8_t>> valid_;
  std::unique_ptr<reference::Model> model_;
};

RunResult by_reference(const scheme::Document& document, const column::Inputs& inputs, std::vector<uint8_t> refused,
                       const RunOptions& options) {
  reference::ReferenceOptions reference_options;
  reference_options.keep_all = options.keep_all;
  reference_options.progress = options.progress;
  auto computed = reference::run_reference(document, inputs, std::move(refused), reference_options);
  RunResult result;
  result.by_reference = true;
  result.names = std::move(computed.names);
  result.columns = std::move(computed.columns);
  result.refused = std::move(computed.refused);
  result.faults = std::move(computed.faults);
  result.failure = std::move(computed.failure);
  return result;
}

// A column wide enough for any value of its type.
column::Column& widened(column::Column* column) {
  if (!scheme::is_decimal(column->type) || column->physical == Physical::kI64) return *column;
  column::Column wide;
  wide.type = column->type;
  wide.scale = column->scale;
  wide.physical = Physical::kI64;
  wide.allocate(column->rows, false);
  for (size_t r = 0; r < column->rows; ++r) wide.set(r, column->get(r));
  wide.valid = std::move(column->valid);
  *column = std::move(wide);
  return *column;
}

// A decision's validity, copied: it may also be another decision's, or another decision itself.
column::Buffer validity(const BoundDecision& decision, size_t rows, const Schedule& schedule) {
  column::Buffer bytes;
  const Node* valid = decision.value.valid;
  if (valid == nullptr || rows == 0) return bytes;
  bytes.resize(rows);
  if (valid->op == Op::kConst) {
    std::memset(bytes.data(), static_cast<int>(valid->constant), rows);
  } else {
    std::memcpy(bytes.data(), schedule.whole[valid->id]->data.data(), rows);
  }
  return bytes;
}

// The values of a decision, moved out of the schedule. Its validity has been copied before.
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
  for (auto& finding : scheme::check_document(program->document)) {
    // What both notice is said once.
    const bool said = std::any_of(result.findings.begin(), result.findings.end(), [&](const auto& f) {
      return f.code == finding.code && f.at.line == finding.at.line;
    });
    if (!said) result.findings.push_back(std::move(finding));
  }
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

RunResult run(const Program& program, const column::Inputs& inputs, std::vector<uint8_t> refused,
              const RunOptions& options) {
  const scheme::Document& document = program.document;
  if (options.reference_only) return by_reference(document, inputs, std::move(refused), options);
  RunResult result;
  const size_t rows = inputs.rows();
  if (refused.empty()) refused.resize(rows, 0);
  const std::vector<uint8_t> refused_before = refused;
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
  if (bound.whole_by_reference || bound.rows_by_reference)
    return by_reference(document, inputs, std::move(refused), options);
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
  Setback setback(bound, document, inputs, schedule, &refused);
  execute(&schedule, prepared.input, &refused, &setback, {options.threads, options.morsel_rows, options.progress});
  // A row that failed after a cohort was computed with it would have to leave that cohort: rare enough for the slow
  // way.
  if (setback.late) return by_reference(document, inputs, refused_before, options);
  std::sort(setback.rows.begin(), setback.rows.end());
  std::vector<uint32_t> repaired;
  if (!setback.rows.empty()) {
    const reference::Model model(document, inputs);
    reference::RowEvaluator evaluator(model, nullptr, nullptr);
    for (const uint32_t row : setback.rows) {
      evaluator.start(row);
      auto faults = evaluator.faults();
      if (faults.empty()) {
        // It left the plan's 128 bits on the way, but has a value.
        if (program.uses_cohort) return by_reference(document, inputs, refused_before, options);
        repaired.push_back(row);
        refused[row] = 0;
      }
      for (auto& fault : faults) result.faults.push_back(std::move(fault));
    }
  }
  std::vector<uint8_t> taken(schedule.whole.size(), 0);
  std::vector<column::Buffer> valid;
  for (const size_t d : wanted) valid.push_back(validity(bound.decisions[d], rows, schedule));
  for (size_t i = 0; i < wanted.size(); ++i) {
    const size_t d = wanted[i];
    result.names.push_back(document.decisions[d].name);
    result.columns.push_back(take(bound.decisions[d], document.decisions[d], rows, &schedule, &taken));
    result.columns.back().valid = std::move(valid[i]);
  }
  // Two decisions of one value: the second copies.
  for (size_t i = 0; i < wanted.size(); ++i)
    for (size_t j = i + 1; j < wanted.size(); ++j)
      if (bound.decisions[wanted[i]].value.num == bound.decisions[wanted[j]].value.num &&
          bound.decisions[wanted[i]].value.num->op != Op::kConst && result.columns[i].data.bytes() != 0)
        std::memcpy(result.columns[j].data.data(), result.columns[i].data.data(), result.columns[i].data.bytes());
  if (!repaired.empty()) {
    const reference::Model model(document, inputs);
    reference::RowEvaluator evaluator(model, nullptr, nullptr);
    for (const uint32_t row : repaired) {
      evaluator.start(row);
      for (size_t i = 0; i < wanted.size(); ++i) {
        const auto value = evaluator.decision(static_cast<uint32_t>(wanted[i]));
        if (value) reference::store(*value, &widened(&result.columns[i]), row);
      }
    }
  }
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
