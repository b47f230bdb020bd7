// A random pack: dated tables of every shape, and functions over them.
#include <stdexcept>
#include <vector>

#include "engine/scheme/load.h"
#include "tests/engine/plan/random_scheme.h"

namespace kaogong::plan {
namespace {

class PackWriter {
 public:
  explicit PackWriter(uint64_t seed) : random_(seed ^ 0x9acc) {}

  std::string pack() {
    std::string text = "kaogong_pack: 1\nid: rand.pack\njurisdiction: XX\ntables:\n";
    text += "  figures: {columns: {basic: {type: money}}, editions: [{effective_from: 2020-01-01, rows: [[" + amount();
    text += "]]}]}\n  brackets:\n    bands: {" + kind();
    text +=
        ": limit}\n    columns: {limit: {type: money?}, rate: {type: rate}, quick: {type: money?}}\n    editions:\n";
    text += "      - {effective_from: 2020-01-01, rows: [" + bands("") + "]}\n";
    text += "      - {effective_from: 2026-10-31, rows: [" + bands("") + "]}\n";
    text +=
        "  cities:\n    key: city\n    columns: {city: {type: string}, share: {type: factor}}\n    editions:\n"
        "      - {effective_from: 2020-01-01, rows: [[x, 0.5], [y, 1.25]" +
        std::string(random_.one_in(4) ? "" : ", [z, -2]") + "]}\n";
    text += "  scales:\n    key: [city, level]\n    bands: {" + kind();
    text +=
        ": limit}\n    columns: {city: {type: string}, level: {type: count}, limit: {type: money?}, rate: {type: "
        "rate}, quick: {type: money?}}\n    editions:\n      - effective_from: 2020-01-01\n        rows: [";
    for (const char* key : {"x, 1, ", "x, 2, ", "y, 1, ", "z, 2, "})
      text += bands(key) + (key[0] == 'z' ? "]\n" : ", ");
    text += "functions:\n";
    static const char* kRound[] = {"", ", round: up", ", round: down", ", round: {mode: up, to: jiao}",
                                   ", round: {mode: half_up, to: yuan}"};
    for (int f = 0; f < 4; ++f) {
      names_ = {"x", "coalesce(y, 3)"};
      text += "  f" + std::to_string(f) + ":\n    parameters: {x: {type: " + (random_.one_in(2) ? "money" : "exact") +
              "}, w: {type: string}, y: {type: money?, default: null}}\n    steps:\n";
      for (int s = 0; s < 2; ++s) {
        const std::string name = "s" + std::to_string(s);
        text += "      " + name + ": {" +
                (random_.one_in(3) ? "" : std::string("type: money") + kRound[random_.below(5)] + ", ") + "expr: '" +
                number(2) + "'}\n";
        names_.push_back(name);
      }
      if (random_.one_in(3)) text += "    checks: [{when: 'w = \"x\"', require: '" + number(1) + " > -1000000'}]\n";
      text += std::string("    result: {type: money") + kRound[random_.below(5)] + ", expr: '" + number(2) + "'}\n";
      ++functions_;
    }
    return text;
  }

 private:
  std::string kind() {
    static const char* kKinds[] = {"at_least", "above", "up_to", "below"};
    kind_ = random_.below(4);
    return kKinds[kind_];
  }
  std::string amount() {
    return std::to_string(static_cast<int64_t>(random_.below(2000)) - 500) + (random_.one_in(2) ? ".25" : "");
  }
  // Rows of bands with rising bounds, each after `key`, with an open one or without.
  std::string bands(const std::string& key) {
    std::string rows;
    const bool open = !random_.one_in(4);
    int64_t bound = -300;
    const size_t count = 1 + random_.below(4);
    const auto add = [&](const std::string& limit) {
      const std::string quick = random_.one_in(5) ? "null" : amount();
      rows +=
          (rows.empty() ? "[" : ", [") + key + limit + ", 0." + std::to_string(random_.below(100)) + ", " + quick + "]";
    };
    if (open && kind_ < 2) add("null");
    for (size_t i = 0; i < count; ++i) {
      bound += 1 + static_cast<int64_t>(random_.below(900));
      add(std::to_string(bound));
    }
    if (open && kind_ >= 2) add("null");
    return rows;
  }
  std::string leaf() {
    switch (random_.below(10)) {
      case 0:
        return "figures.basic";
      case 1:
        return "brackets(" + names_[random_.below(names_.size())] + ").rate";
      case 2:
        return "coalesce(brackets(" + names_[random_.below(names_.size())] + ").quick, 7)";
      case 3:
        return "cities(w).share";
      case 4:
        return "scales(w, " + std::string(random_.one_in(3) ? "2" : "1") + ", " + names_[random_.below(names_.size())] +
               ").rate";
      case 5:
        return "period_end.month";
      case 6:
        return "12.345";
      case 7:
        return "sum(for l in brackets.limit return coalesce(l, 5))";
      default:
        return names_[random_.below(names_.size())];
    }
  }
  std::string number(int depth) {
    if (depth == 0) return leaf();
    switch (random_.below(8)) {
      case 0:
        return "(" + number(depth - 1) + " + " + number(depth - 1) + ")";
      case 1:
        return "(" + number(depth - 1) + " * " + number(depth - 1) + ")";
      case 2:
        return "(" + number(depth - 1) + " / 7)";
      case 3:
        return "max(" + number(depth - 1) + ", " + number(depth - 1) + ")";
      case 4:
        return "(if " + number(depth - 1) + " > " + number(depth - 1) + " then " + number(depth - 1) + " else " +
               number(depth - 1) + ")";
      case 5:
        return "brackets(" + number(depth - 1) + ").rate";
      case 6:
        if (functions_ == 0) return leaf();
        return "f" + std::to_string(random_.below(functions_)) + "(" + number(depth - 1) + ", w)";
      default:
        return leaf();
    }
  }

  Random random_;
  uint64_t kind_ = 0, functions_ = 0;
  std::vector<std::string> names_;
};

}  // namespace

scheme::PackLibrary random_packs(uint64_t seed) {
  const std::string text = PackWriter(seed).pack();
  scheme::LoadedPack loaded = scheme::load_pack(text);
  if (loaded.pack == nullptr) throw std::runtime_error(loaded.findings.front().message + "\n" + text);
  loaded.pack->hash = text;  // so that a failing test can print it
  scheme::PackLibrary library;
  library.add(std::move(loaded.pack));
  return library;
}

}  // namespace kaogong::plan
