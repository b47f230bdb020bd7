#include "tenants/runs/calculate.h"

#include <algorithm>
#include <map>

#include "tenants/folder/column_parser.h"
#include "tenants/folder/reject.h"
#include "tenants/runs/gather_history.h"
#include "tenants/runs/parameters.h"

namespace kaogong::runs {

namespace {

/// Results that several columns read are aligned with the employees once.
struct Aligned {
  std::shared_ptr<const ResultSet> results;
  std::vector<uint32_t> rows;
};

bool gather(const Calculation& calculation, column::Inputs* inputs, std::vector<column::Fault>* faults,
            std::string* error) {
  const scheme::Document& document = plan::document_of(*calculation.program);
  const auto& entered = calculation.snapshot->inputs.history;
  std::vector<HistoryReach> reaches = history_reach(document, inputs->period);
  const auto sheet = [&](size_t column) {
    return calculation.history.use_sheet && column < entered.size() ? &entered[column] : nullptr;
  };
  const auto has = [&](size_t column, int32_t back) {
    const auto* data = sheet(column);
    const auto at = static_cast<size_t>(back);
    if (data != nullptr && at < data->by_period.size() && data->by_period[at].rows != 0) return true;
    const auto same = [&](const HistorySource& source) {
      return source.column == column && source.period.index == reaches[column].newest - back;
    };
    return std::any_of(calculation.history.sources.begin(), calculation.history.sources.end(), same);
  };
  cut_at_gap(&reaches, has);
  std::map<const ResultSet*, Aligned> aligned;
  inputs->history.clear();
  for (size_t column = 0; column < reaches.size(); ++column) {
    const HistoryReach& reach = reaches[column];
    std::vector<EarlierOutput> earlier;
    for (const auto& source : calculation.history.sources) {
      if (source.column != column || source.period.index <= reach.newest - reach.count) continue;
      const auto results = calculation.earlier(source, error);
      if (results == nullptr) return false;
      const auto [found, added] = aligned.try_emplace(results.get());
      if (added) found->second = {results, rows_in(results->view(), inputs->employees)};
      const column::Column* output = results->view().find(document.history[column].name);
      if (output != nullptr) earlier.push_back({source.period, output, &found->second.rows});
    }
    inputs->history.push_back(
        gather_history(document.history[column], reach, inputs->rows(), earlier, sheet(column), faults));
  }
  return true;
}

/// False, and why in `error`: there is no such input or employee, or it cannot have that value.
bool change(const scheme::Document& document, const InputChange& wanted, column::Inputs* inputs,
            std::vector<uint8_t>* own, std::string* error) {
  const auto named = [&](const scheme::Input& input) { return input.name == wanted.input; };
  const auto input = std::find_if(document.inputs.begin(), document.inputs.end(), named);
  if (input == document.inputs.end()) {
    *error = "the scheme has no input '" + wanted.input + "'";
    return false;
  }
  size_t low = 0, high = inputs->rows();
  while (low < high) {
    const size_t middle = (low + high) / 2;
    if (inputs->employees[middle] < wanted.employee) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  if (low == inputs->rows() || inputs->employees[low] != wanted.employee) {
    *error =
        "employee '" + wanted.employee + "', whose input '" + wanted.input + "' is to be changed, is not in the run";
    return false;
  }
  const auto& type = input->type;
  const folder::ColumnSpec spec{folder::ColumnSpec::Kind::kValue, input->name, type, input->labels};
  int64_t value = 0;
  bool null = false;
  folder::Reject reject;
  reject.column = 0;
  if (!folder::ColumnParser(spec, 0, 0).parse_one(wanted.value, &value, &null, &reject.kind)) {
    *error = "employee '" + wanted.employee + "': " +
             error_text(reject, folder::printable(wanted.value, folder::kShownBytesMax), {"population", {spec}}).en;
    return false;
  }
  const auto place = static_cast<size_t>(input - document.inputs.begin());
  column::Column& column = inputs->inputs[place];
  if ((*own)[place] == 0) column = column::copied(column);
  (*own)[place] = 1;
  column.low = 1;  // what the values lie between is not known any more
  column.high = 0;
  if (null) {
    column.set_null(low);
  } else {
    if (column.valid.bytes() != 0) column.valid.data()[low] = std::byte{1};
    column.set(low, type.name == scheme::TypeName::kString ? column.dictionary->insert(wanted.value) : value);
  }
  return true;
}

// The calculation may enter texts of its own into the dictionaries of its inputs; other calculations must not see that.
void own_dictionary(column::Column* column) {
  if (column->dictionary == nullptr) return;
  auto copy = std::make_shared<column::Dictionary>();
  for (int32_t code = 0; code < column->dictionary->size(); ++code) copy->insert(column->dictionary->at(code));
  column->dictionary = std::move(copy);
}

}  // namespace

column::Inputs borrowed(const column::Inputs& inputs) {
  column::Inputs out;
  out.period = inputs.period;
  out.employees = inputs.employees;
  out.lines = inputs.lines;
  out.enrolled = inputs.enrolled;
  for (const auto& column : inputs.inputs) out.inputs.push_back(column::borrowed(column));
  for (const auto& table : inputs.tables) {
    auto& to = out.tables.emplace_back();
    for (const auto& column : table.columns) to.columns.push_back(column::borrowed(column));
    to.offsets = table.offsets;
    to.lines = table.lines;
  }
  for (const auto& lookup : inputs.lookups) {
    auto& to = out.lookups.emplace_back();
    for (const auto& column : lookup.columns) to.columns.push_back(column::borrowed(column));
    to.lines = lookup.lines;
    to.rows = lookup.rows;
    to.faulty = lookup.faulty;
    to.fault_texts = lookup.fault_texts;
    to.fault_columns = lookup.fault_columns;
    to.fault_values = lookup.fault_values;
  }
  for (const auto& history : inputs.history) {
    auto& to = out.history.emplace_back(column::HistoryColumnData{history.kind, history.newest, {}});
    for (const auto& column : history.by_period) to.by_period.push_back(column::borrowed(column));
  }
  for (const auto& column : inputs.parameters) out.parameters.push_back(column::borrowed(column));
  for (auto& column : out.inputs) own_dictionary(&column);
  for (auto& table : out.tables)
    for (auto& column : table.columns) own_dictionary(&column);
  for (auto& lookup : out.lookups)
    for (auto& column : lookup.columns) own_dictionary(&column);
  return out;
}

Calculated calculate(const Calculation& calculation) {
  Calculated out;
  out.snapshot = calculation.snapshot;
  column::Inputs inputs = borrowed(calculation.snapshot->inputs);
  const scheme::Document& document = plan::document_of(*calculation.program);
  for (const auto& parameters : calculation.parameters) {
    if (parameters.empty()) continue;
    auto given = read_parameters(document, parameters);
    if (!given) {
      out.failure = given.failure().message;
      return out;
    }
    if (!given->faults.empty()) {
      out.failure = given->faults.front().error;
      return out;
    }
    inputs.parameters.resize(document.parameters.size());
    for (size_t i = 0; i < given->columns.size(); ++i)
      if (given->columns[i].rows != 0) inputs.parameters[i] = std::move(given->columns[i]);
  }
  std::vector<uint8_t> own(inputs.inputs.size(), 0);
  for (const auto& wanted : calculation.inputs)
    if (!change(document, wanted, &inputs, &own, &out.failure)) return out;
  std::vector<column::Fault> faults;
  if (!document.history.empty() && !gather(calculation, &inputs, &faults, &out.failure)) {
    if (out.failure.empty()) out.failure = "earlier results cannot be read";
    return out;
  }
  std::vector<uint8_t> refused = calculation.snapshot->refused;
  refused.resize(inputs.rows(), 0);
  for (const auto& fault : faults) refused[fault.row] = 1;
  plan::RunOptions options;
  options.threads = calculation.threads;
  options.keep_all = calculation.keep_all;
  out.result = plan::run(*calculation.program, inputs, std::move(refused), options);
  out.failure = out.result.failure;
  if (!out.failure.empty()) return out;
  out.faults = std::move(faults);
  for (auto& fault : out.result.faults) out.faults.push_back(std::move(fault));
  out.result.faults.clear();
  std::stable_sort(out.faults.begin(), out.faults.end(),
                   [](const column::Fault& a, const column::Fault& b) { return a.row < b.row; });
  out.refused = static_cast<uint64_t>(std::count(out.result.refused.begin(), out.result.refused.end(), uint8_t{1}));
  out.rows = inputs.rows() - out.refused;
  if (calculation.keep_all) out.inputs = std::make_shared<const column::Inputs>(std::move(inputs));
  return out;
}

}  // namespace kaogong::runs
