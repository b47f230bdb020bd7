// The column plan against the reference, over the golden cases with values changed at random: the same results, the
// same refusals, the same faults. KAOGONG_SEED and KAOGONG_ROUNDS choose what is tried.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <random>
#include <set>

#include "engine/plan/program.h"
#include "engine/scheme/literal.h"
#include "engine/scheme/load.h"
#include "tenants/templates/templates.h"
#include "tests/engine/reference/text_inputs.h"
#include "tests/golden/case_folder.h"

namespace kaogong::tests {
namespace {

uint64_t number_from(const char* variable, uint64_t otherwise) {
  const char* text = std::getenv(variable);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

class Mutator {
 public:
  explicit Mutator(uint64_t seed) : random_(seed) {}

  uint64_t below(uint64_t n) { return n == 0 ? 0 : random_() % n; }

  void change(const scheme::Document& document, GoldenCase* golden) {
    for (auto& [name, text] : golden->texts) {
      const std::vector<scheme::Named>* columns = nullptr;
      std::vector<scheme::Named> own;
      std::vector<std::string> key;
      if (name == "population") columns = &document.inputs;
      for (const scheme::Table& table : document.tables) {
        if (table.name != name) continue;
        columns = &table.columns;
        key = table.key;
        if (!key.empty()) key.push_back("employee");
      }
      for (const scheme::Lookup& lookup : document.lookups) {
        if (lookup.name != name) continue;
        columns = &lookup.columns;
        key = lookup.key;
      }
      if (name == "history") {
        own.assign(document.history.begin(), document.history.end());
        for (scheme::Named& column : own) column.type.nullable = true;
        columns = &own;
      }
      if (columns != nullptr) text = changed(text, *columns, key, name != "population");
    }
  }

 private:
  std::string changed(const std::string& text, const std::vector<scheme::Named>& columns,
                      const std::vector<std::string>& key, bool rows_may_go) {
    std::vector<std::vector<std::string>> records;
    for (size_t at = 0; at < text.size();) {
      size_t end = text.find('\n', at);
      end = end == std::string::npos ? text.size() : end;
      auto& record = records.emplace_back(1);
      for (size_t i = at; i < end; ++i) {
        if (text[i] == ',') {
          record.emplace_back();
        } else if (text[i] != '\r') {
          record.back() += text[i];
        }
      }
      at = end + 1;
    }
    const size_t rows = records.size() - 1;
    const uint64_t times = 1 + below(1 + rows / 3);
    for (uint64_t i = 0; i < times && rows > 0; ++i) {
      const size_t row = 1 + below(records.size() - 1);
      if (rows_may_go && records.size() > 2 && below(4) == 0) {
        records.erase(records.begin() + static_cast<ptrdiff_t>(row));
        continue;
      }
      const size_t place = below(records[0].size());
      for (const scheme::Named& column : columns) {
        if (column.name == records[0][place]) {
          records[row][place] = value(column.type, records[1 + below(records.size() - 1)][place]);
        }
      }
    }
    std::string out;
    std::set<std::vector<std::string>> seen;
    for (const auto& record : records) {
      // A key that stands twice is the readers' to refuse.
      std::vector<std::string> own;
      for (size_t f = 0; f < record.size(); ++f) {
        if (std::find(key.begin(), key.end(), records[0][f]) != key.end()) own.push_back(record[f]);
      }
      if (!own.empty() && !seen.insert(own).second) continue;
      for (size_t f = 0; f < record.size(); ++f) out += (f == 0 ? "" : ",") + record[f];
      out += '\n';
    }
    return out;
  }

  std::string value(const scheme::TypeDecl& type, const std::string& another) {
    if (type.nullable && below(4) == 0) return "";
    if (below(3) == 0) return another;
    switch (type.name) {
      case scheme::TypeName::kBoolean:
        return below(2) == 0 ? "true" : "false";
      case scheme::TypeName::kDate:
        return scheme::date_to_text(static_cast<int32_t>(20'000 + below(1'000)));
      case scheme::TypeName::kString:
        return type.values.empty() ? another + "?" : type.values[below(type.values.size())];
      default: {
        int64_t unit = 1;
        for (int i = 0; i < type.scale; ++i) unit *= 10;
        const int64_t low = type.min.value_or(-1'000'000 * unit), high = type.max.value_or(1'000'000 * unit);
        const int64_t at_random = low + static_cast<int64_t>(below(static_cast<uint64_t>(high - low) + 1));
        const int64_t choices[] = {low, high, std::min(std::max<int64_t>(0, low), high), at_random,
                                   at_random / unit * unit};
        const int64_t units = std::min(std::max(choices[below(5)], low), high);
        return scheme::scaled_to_text(units, type.scale);
      }
    }
  }

  std::mt19937_64 random_;
};

std::string text_of(const std::vector<column::Fault>& faults) {
  std::string text;
  for (const column::Fault& fault : faults) {
    text += std::to_string(fault.row) + " " + fault.file + ":" + std::to_string(fault.line) + " " + fault.column + "=" +
            fault.value + ": " + fault.error.en + '\n';
  }
  return text;
}

// The first differences of two results.
std::string differences(const column::Inputs& inputs, const plan::RunResult& plan, const plan::RunResult& reference) {
  if (plan.failure != reference.failure) return "failure: " + plan.failure + " / " + reference.failure;
  if (plan.names != reference.names) return "other names";
  std::string text;
  size_t lines = 0;
  for (size_t r = 0; r < inputs.rows() && lines < 10; ++r) {
    if (plan.refused[r] != reference.refused[r]) {
      text += std::string(inputs.employees[r]) + " refused: " + std::to_string(plan.refused[r]) + ", reference " +
              std::to_string(reference.refused[r]) + '\n';
      ++lines;
      continue;
    }
    if (plan.refused[r] != 0) continue;
    for (size_t c = 0; c < plan.columns.size(); ++c) {
      const std::string a = column::format_value(plan.columns[c], r), b = column::format_value(reference.columns[c], r);
      const bool null_differs = plan.columns[c].is_null(r) != reference.columns[c].is_null(r);
      if (a == b && !null_differs) continue;
      text += std::string(inputs.employees[r]) + " " + plan.names[c] + ": " + a + ", reference " + b + '\n';
      ++lines;
    }
  }
  if (text.empty() && text_of(plan.faults) != text_of(reference.faults)) {
    text = "faults:\n" + text_of(plan.faults) + "reference:\n" + text_of(reference.faults);
  }
  return text.substr(0, 4000);
}

class Differential : public testing::TestWithParam<std::string> {};

TEST_P(Differential, PlanAndReferenceAgree) {
  const uint64_t first = number_from("KAOGONG_SEED", 1), rounds = number_from("KAOGONG_ROUNDS", 6);
  const GoldenCase original = read_golden(GetParam());
  scheme::Loaded loaded = scheme::load(templates::find(GetParam())->yaml);
  ASSERT_TRUE(loaded.document.has_value());
  const plan::Compiled compiled = plan::compile(std::move(*loaded.document));
  ASSERT_NE(compiled.program, nullptr);
  for (const scheme::Finding& finding : compiled.findings) EXPECT_NE(finding.code, "overflow-possible");
  EXPECT_EQ(plan::interpreted_decisions(*compiled.program), std::vector<std::string>());
  const scheme::Document& document = plan::document_of(*compiled.program);
  for (uint64_t seed = first; seed < first + rounds; ++seed) {
    SCOPED_TRACE("KAOGONG_SEED=" + std::to_string(seed));
    Mutator mutator(seed);
    GoldenCase golden = original;
    mutator.change(document, &golden);
    const column::Inputs inputs = text_inputs(document, golden.period, golden.texts);
    std::vector<uint8_t> refused(inputs.rows(), 0);
    for (uint8_t& r : refused) r = mutator.below(10) == 0;
    plan::RunOptions options;
    options.keep_all = true;
    options.threads = 1 + static_cast<int>(mutator.below(4));
    options.morsel_rows = mutator.below(3) == 0 ? 0 : 1 + mutator.below(40);
    const plan::RunResult by_plan = plan::run(*compiled.program, inputs, refused, options);
    EXPECT_FALSE(by_plan.by_reference);
    options.reference_only = true;
    const plan::RunResult by_reference = plan::run(*compiled.program, inputs, refused, options);
    ASSERT_EQ(differences(inputs, by_plan, by_reference), "");
  }
}

INSTANTIATE_TEST_SUITE_P(Cases, Differential, testing::ValuesIn(golden_ids()), [](const auto& param) {
  std::string name = param.param;
  for (char& c : name) c = c == '-' ? '_' : c;
  return name;
});

}  // namespace
}  // namespace kaogong::tests
