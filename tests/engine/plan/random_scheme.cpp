#include "tests/engine/plan/random_scheme.h"

#include <vector>

namespace kaogong::plan {

namespace {

// Writes expressions of a wanted type. Names are those of the fixed inputs below and of decisions already written.
class Writer {
 public:
  Writer(uint64_t seed, std::string_view script) : random_(seed, script) {}

  std::string scheme() {
    std::string text =
        "kaogong: 1\nid: random\nversion: 1\nlabels: {zh: 随机, en: Random}\nsource: {part: 0, title: "
        "random}\nperiods: [month]\nuses: [rand.pack]\n"
        "inputs:\n"
        "  a: {type: money, min: -1000, max: 100000}\n"
        "  b: {type: money}\n"
        "  c: {type: count, min: 0, max: 40}\n"
        "  r: {type: rate, min: 0, max: 2}\n"
        "  n: {type: number, decimals: 1, nullable: true}\n"
        "  k: {type: string, values: [x, y, z]}\n"
        "  g: {type: string}\n"
        "  t: {type: boolean}\n"
        "  d: {type: date}\n"
        "tables:\n"
        "  rows:\n"
        "    columns:\n"
        "      kind: {type: string, values: [p, q]}\n"
        "      points: {type: number, decimals: 1, min: 0, max: 50}\n"
        "      amount: {type: money}\n"
        "      day: {type: date, nullable: true}\n"
        "    computed:\n"
        "      scaled: {type: money, expr: 'points * r'}\n"
        "      ratio: {expr: 'amount / (points + 1)'}\n"
        "      third: {expr: 'if kind = \"p\" then amount * r / 7 else points / (c + 3)'}\n"
        "      paid: {type: money, expr: 'rand.pack.f1(points, k)'}\n"
        "      late: {type: count, expr: 'if day != null then days_between(d, day) else 0'}\n"
        "groups:\n"
        "  by_kind:\n"
        "    of: rows\n"
        "    by: [kind]\n"
        "    computed:\n"
        "      best: {type: number, decimals: 1, expr: 'max(rows.points)'}\n"
        "      all_points: {expr: 'sum(rows.points)'}\n"
        "      mean_points: {expr: 'mean(rows.points)'}\n"
        "      ratios: {expr: 'sum(rows.ratio)'}\n"
        "lookups:\n"
        "  tariff:\n"
        "    key: [k]\n"
        "    columns: {k: {type: string}, price: {type: money}, part: {type: factor}}\n"
        "    rows: [[x, 12.34, 0.5], [y, -3.21, 1.25], [z, 0, 0.3333]]\n"
        "  steps:\n"
        "    key: [k, step]\n"
        "    columns: {k: {type: string}, step: {type: count}, part: {type: factor}, grade: {type: string}}\n"
        "    rows: [[x, 1, 0.5, high], [x, 2, 1.25, low], [y, 1, 0.3333, low], [x, 3, 7, high]]\n"
        "history:\n"
        "  old: {type: money}\n"
        "parameters:\n"
        "  base: {type: money, default: 17.50}\n"
        "decisions:\n";
    static const char* kNumeric[] = {"money", "score", "rate", "factor", "count"};
    std::string outputs;
    const size_t count = 3 + random_.below(7);
    for (size_t i = 0; i < count; ++i) {
      const std::string name = "v" + std::to_string(i);
      text += "  " + name + ":\n";
      switch (random_.below(11)) {
        case 0: {
          text += "    type: string\n    bands: {of: '" + number(2) +
                  "', at_least: [[100, high], [0, middle]], else: low}\n";
          strings_.push_back(name);
          break;
        }
        case 1: {
          text += "    type: boolean\n    expr: '" + condition(2) + "'\n";
          booleans_.push_back(name);
          break;
        }
        case 2: {
          text += "    type: factor\n    table: {hit: F, inputs: ['" + number(1) +
                  "', k], rules: [['< 10', '\"x\"', '0.5'], ['[10..60)', '-', '" + number(1) +
                  "'], ['-', 'not(\"y\")', '2']], default: '0.1'}\n";
          numbers_.push_back(name);
          break;
        }
        case 3: {
          static const char* kCohort[] = {"rank(of: X, within: g)",
                                          "rank(of: X)",
                                          "total(of: X, within: k)",
                                          "headcount(within: g, among: C)",
                                          "highest(of: X, within: g)",
                                          "row_number(of: X, within: g)",
                                          "average(of: X, within: g)",
                                          "percentile(of: X, within: k)",
                                          "rank(of: X, within: g, order: \"ascending\")"};
          std::string call = kCohort[random_.below(9)];
          replace(&call, "X", numbers_.empty() || random_.one_in(2) ? "a" : numbers_[random_.below(numbers_.size())]);
          replace(&call, "C", condition(1));
          text += "    type: money\n    expr: '" + call + "'\n";
          numbers_.push_back(name);
          break;
        }
        case 4: {  // rows that fail after a cohort, and cohorts of what they fail in
          std::string call = cohort();
          static const char* kForms[] = {"100 / (X - 3)", "if C then X else Y", "X + Y / c",
                                         "X / (c - 2)",   "round_to(X / 7, 2)", "clamp(X, 0, 50) - X"};
          std::string form = kForms[random_.below(std::size(kForms))];
          replace(&form, "X", call);
          replace(&form, "X", call);
          replace(&form, "Y", number(1));
          replace(&form, "C", condition(1));
          text += "    type: money\n";
          if (random_.one_in(2)) text += random_.one_in(2) ? "    max: 40\n" : "    min: 2\n    max: 100000\n";
          text += "    expr: '" + form + "'\n";
          numbers_.push_back(name);
          break;
        }
        default: {
          static const char* kRound[] = {"", "", "\n    round: up", "\n    round: {mode: down, to: 0}"};
          text += std::string("    type: ") + kNumeric[random_.below(5)] + kRound[random_.below(4)] + "\n    expr: '" +
                  number(3) + "'\n";
          numbers_.push_back(name);
        }
      }
      if (!random_.one_in(5) || outputs.empty()) outputs += (outputs.empty() ? "" : ", ") + name;
    }
    if (random_.one_in(3))
      text += "checks:\n  - require: '" + number(1) + " <= 3 * (" + cohort() +
              ") + 100000'\n    message: {zh: 不符, en: wrong}\n";
    return text + "outputs: [" + outputs + "]\n";
  }

 private:
  static void replace(std::string* text, const std::string& what, const std::string& by) {
    const auto at = text->find(what);
    if (at != std::string::npos) text->replace(at, what.size(), by);
  }

  std::string cohort() {
    static const char* kCohort[] = {"rank(of: X)",
                                    "rank(of: X, within: g)",
                                    "total(of: X, within: k)",
                                    "highest(of: round_to(X / c, 2), within: g)",
                                    "rank(of: round_to(a / (X - 5), 1), among: C)",
                                    "headcount(within: k, among: X > 10)",
                                    "lowest(of: X, within: g, among: C)",
                                    "average(of: X, among: C)",
                                    "share(of: 1000, by: max(X, 0), within: g)",
                                    "row_number(of: X, within: k)",
                                    "rank(of: rank(of: X) + c, within: g)",
                                    "total(of: coalesce(n, X), within: k)"};
    std::string call = kCohort[random_.below(std::size(kCohort))];
    replace(&call, "X", numbers_.empty() || random_.one_in(3) ? "b" : numbers_[random_.below(numbers_.size())]);
    replace(&call, "C", condition(1));
    return call;
  }

  std::string leaf() {
    if (random_.one_in(40))
      return "count(append([1, 2], " + std::string(numbers_.empty() ? "a" : numbers_.back()) + "))";
    if (random_.one_in(12)) return "(" + cohort() + ")";
    if (!numbers_.empty() && random_.one_in(3)) return numbers_[random_.below(numbers_.size())];
    static const char* kLeaves[] = {"a",
                                    "b",
                                    "c",
                                    "r",
                                    "0",
                                    "1",
                                    "0.5",
                                    "3",
                                    "12.345",
                                    "base",
                                    "tariff(k).price",
                                    "tariff(k).part",
                                    "coalesce(n, 7)",
                                    "sum(rows.amount)",
                                    "count(rows)",
                                    "sum(rows[kind = \"p\"].points)",
                                    "sum(rows.scaled)",
                                    "count(rows[points > 25])",
                                    "sum(rows.late)",
                                    "sum(by_kind.best)",
                                    "coalesce(previous(old), 5)",
                                    "longest_run(old > 100)",
                                    "sum(earlier(old))",
                                    "sum(for x in rows return x.points * 2)",
                                    "count(distinct values(rows.points))",
                                    "days_between(d, period_end)",
                                    "sum(by_kind.all_points)",
                                    "sum(by_kind.mean_points)",
                                    "sum(by_kind.ratios)",
                                    "sum(rows.ratio)",
                                    "sum(rows[kind = \"p\"].ratio)",
                                    "sum(rows.third)",
                                    "mean(rows.third)",
                                    "sum(steps[k = this.k].part)",
                                    "count(steps[k = this.k and grade = \"high\"])",
                                    "max(steps[k = this.k].part)",
                                    "mean(steps[k = this.k].part)",

                                    "sum(rows.paid)",
                                    "sum(rows[rand.pack.f0(points, k) > 9].points)"};
    return kLeaves[random_.below(std::size(kLeaves))];
  }

  std::string number(int depth) {
    if (depth == 0) return leaf();
    switch (random_.below(14)) {
      case 0:
        return "(" + number(depth - 1) + " + " + number(depth - 1) + ")";
      case 1:
        return "(" + number(depth - 1) + " - " + number(depth - 1) + ")";
      case 2:
        return "(" + number(depth - 1) + " * " + number(depth - 1) + ")";
      case 3:
        return "(" + number(depth - 1) + " / " + number(depth - 1) + ")";
      case 4:
        return "(" + number(depth - 1) + " / 3)";
      case 5:
        return "max(" + number(depth - 1) + ", " + number(depth - 1) + ")";
      case 6:
        return "min(" + number(depth - 1) + ", " + number(depth - 1) + ")";
      case 7:
        return "clamp(" + number(depth - 1) + ", 0, 500)";
      case 8:
        return "(if " + condition(depth - 1) + " then " + number(depth - 1) + " else " + number(depth - 1) + ")";
      case 9:
        return std::string(random_.one_in(2) ? "ceiling(" : "floor(") + number(depth - 1) + ")";
      case 10:
        return "round_to(" + number(depth - 1) + ", 1)";
      case 11:
        return "rand.pack.f" + std::to_string(random_.below(4)) + "(" + number(depth - 1) + ", k)";
      case 12:
        return "rand.pack.f" + std::to_string(random_.below(4)) + "(w: k, x: " + number(depth - 1) + ", y: n)";
      default:
        return leaf();
    }
  }

  std::string condition(int depth) {
    if (depth == 0 || random_.one_in(3)) {
      switch (random_.below(6)) {
        case 0:
          return "t";
        case 1:
          return "k = \"x\"";
        case 2:
          return "n != null";
        case 3:
          return "k in (\"y\", \"z\")";
        case 4:
          return booleans_.empty() ? "d > period_start" : booleans_[random_.below(booleans_.size())];
        default:
          return strings_.empty() ? "c between 3 and 9" : strings_[random_.below(strings_.size())] + " = \"high\"";
      }
    }
    static const char* kCompare[] = {" < ", " <= ", " > ", " >= ", " = ", " != "};
    switch (random_.below(4)) {
      case 0:
        return "(" + condition(depth - 1) + " and " + condition(depth - 1) + ")";
      case 1:
        return "(" + condition(depth - 1) + " or " + condition(depth - 1) + ")";
      case 2:
        return "not(" + condition(depth - 1) + ")";
      default:
        return "(" + number(depth - 1) + kCompare[random_.below(6)] + number(depth - 1) + ")";
    }
  }

  Random random_;
  std::vector<std::string> numbers_, booleans_, strings_;
};

column::Column random_column(const scheme::TypeDecl& type, size_t rows, Random* random) {
  column::Column column;
  column.type = type.name;
  column.scale = type.scale;
  column.physical = column::physical_for(type);
  if (type.name == scheme::TypeName::kString) {
    column.dictionary = std::make_shared<column::Dictionary>(type.values);
    if (type.values.empty())
      for (const char* value : {"g1", "g2", "g3"}) column.dictionary->insert(value);
  }
  column.allocate(rows, false);
  for (size_t i = 0; i < rows; ++i) {
    if (type.nullable && random->one_in(4)) {
      column.set_null(i);
      continue;
    }
    switch (type.name) {
      case scheme::TypeName::kString:
        column.set(i, static_cast<int64_t>(random->below(static_cast<uint64_t>(column.dictionary->size()))));
        break;
      case scheme::TypeName::kBoolean:
        column.set(i, static_cast<int64_t>(random->below(2)));
        break;
      case scheme::TypeName::kDate:
        column.set(i, 20000 + static_cast<int64_t>(random->below(800)));
        break;
      default: {
        const int64_t low = type.min.value_or(-500'000), high = type.max.value_or(5'000'000);
        int64_t value = low + static_cast<int64_t>(random->below(static_cast<uint64_t>(high - low) + 1));
        if (random->one_in(8)) value = random->one_in(2) ? low : high;
        if (random->one_in(8) && low <= 0) value = 0;
        if (!type.min && random->one_in(200)) value = INT64_MAX / 3;  // far out: sums and products must notice
        column.set(i, value);
      }
    }
  }
  return column;
}

}  // namespace

std::string random_scheme(uint64_t seed, std::string_view script) { return Writer(seed, script).scheme(); }

column::Inputs random_inputs(const scheme::Document& document, uint64_t seed, size_t rows) {
  Random random(seed ^ 0x5eed);
  column::Inputs inputs;
  inputs.period = *scheme::parse_period("2026-10");
  inputs.enrolled = rows;
  for (size_t i = 0; i < rows; ++i) inputs.employees.push_back("E" + std::to_string(100'000 + (i * 7919) % 100'000));
  for (const auto& i : document.inputs) inputs.inputs.push_back(random_column(i.type, rows, &random));
  for (const auto& table : document.tables) {
    auto& data = inputs.tables.emplace_back();
    data.offsets.push_back(0);
    for (size_t r = 0; r < rows; ++r) data.offsets.push_back(data.offsets.back() + random.below(5));
    for (const auto& c : table.columns) data.columns.push_back(random_column(c.type, data.offsets.back(), &random));
  }
  inputs.lookups.resize(document.lookups.size());
  for (const auto& h : document.history) {
    auto& data = inputs.history.emplace_back();
    data.newest = inputs.period.index - 1;
    for (int lag = 0; lag < 4; ++lag) {
      scheme::TypeDecl type = h.type;
      type.nullable = true;
      data.by_period.push_back(random_column(type, rows, &random));
    }
  }
  for (const auto& p : document.parameters) {
    auto& column = inputs.parameters.emplace_back();
    column.type = p.type.name;
    column.scale = p.type.scale;
  }
  return inputs;
}

}  // namespace kaogong::plan
