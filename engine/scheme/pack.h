// A pack: functions over dated tables, as its document has them.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/scheme/document.h"

namespace kaogong::scheme {

/// Rows that come into force together.
struct Edition {
  int32_t effective_from = 0;           // days since 1970-01-01
  std::optional<int32_t> effective_to;  // the last day; nothing: until a later edition has the same key
  std::string source, remark;
  std::vector<std::vector<std::string>> rows;  // literal texts in the order of the columns; empty string: null
  std::vector<Position> row_positions;
  Position at;
};

/// A dated table. Its rows are found by their key columns, then, where it has bands, by a value that its `bound` column
/// is compared with. A table with neither has one row at a time.
struct PackTable {
  std::string name;
  std::vector<Column> columns;
  std::vector<std::string> key;
  std::optional<Bands::Kind> bands;
  std::string bound;              // with bands: the column; a null bound is open
  std::vector<Edition> editions;  // by effective_from
  Labels labels;
  std::string source, remark;
  Position at;

  bool single() const { return key.empty() && !bands; }
};

struct PackParameter : Named {
  std::optional<std::string> default_value;  // literal text; empty string: null
};

/// A function: its parameters and its steps are named values, rounded when they are defined; a step sees the parameters
/// and the steps before it.
struct PackFunction {
  std::string name;
  std::vector<PackParameter> parameters;
  std::vector<Decision> steps;
  std::vector<Check> checks;
  Decision result;
  Labels labels;
  std::string source, remark;
  Position at;
};

struct Pack {
  std::string id;  // "cn.iit"
  uint32_t version = 1;
  Labels labels;
  std::string jurisdiction;          // "CN"
  std::string region;                // a city or region that the whole pack is for; empty: none
  std::vector<std::string> sources;  // what the figures are taken from
  std::vector<Labels> notes;
  std::vector<PackTable> tables;
  std::vector<PackFunction> functions;
  std::string hash;  // of the document's bytes, given by who read them; empty: not given

  const PackFunction* function(std::string_view name) const;
  const PackTable* table(std::string_view name) const;
};

/// The packs that are there to be used. Several may have one id: a later one goes before an earlier one.
class PackLibrary {
 public:
  void add(std::shared_ptr<const Pack> pack) { packs_.push_back(std::move(pack)); }
  /// Null pointer: there is no such pack. Without a version: the one that was added last.
  std::shared_ptr<const Pack> find(std::string_view id, std::optional<uint32_t> version = std::nullopt) const;
  std::span<const std::shared_ptr<const Pack>> all() const { return packs_; }

 private:
  std::vector<std::shared_ptr<const Pack>> packs_;
};

/// What names the content of a pack that a scheme uses: a run records it.
struct UsedPack {
  std::string id;
  uint32_t version = 1;
  std::string hash;
};
std::vector<UsedPack> used_packs(const Document& document);

/// How many functions one call may come to, other functions' calls included, and how deep they may call each other.
inline constexpr size_t kPackCallsMax = 2'000;
inline constexpr size_t kPackDepthMax = 32;
/// The same over all calls of a scheme.
inline constexpr size_t kSchemePackCallsMax = 200'000;

}  // namespace kaogong::scheme
