// Reads a pack's document: what it has beyond a scheme's.
#pragma once

#include <memory>
#include <unordered_map>

#include "engine/scheme/loader.h"
#include "engine/scheme/pack.h"

namespace kaogong::scheme {

class PackLoader : public Loader {
 public:
  explicit PackLoader(const SourceText& source) : Loader(source) {}

  void read_pack(const Node& root);
  std::shared_ptr<Pack> pack = std::make_shared<Pack>();

 private:
  void read_pack_head(const Fields& fields);
  // load_pack_tables.cpp
  void read_pack_tables(const Node& map);
  void read_pack_bands(const Node& node, PackTable& table, const std::string& what);
  void read_edition(const Node& node, PackTable& table, const std::string& what);
  std::optional<int32_t> date_of(const Node& node, const std::string& what);
  void check_editions(const PackTable& table, const Node& at);
  void check_pack_bands(const PackTable& table, const Edition& edition);
  // load_pack_functions.cpp
  void read_functions(const Node& map);
  PackFunction read_function(const Node& key, const Node& value);
  void check_calls();

  std::unordered_map<std::string, const Node*> function_keys_;
};

}  // namespace kaogong::scheme
