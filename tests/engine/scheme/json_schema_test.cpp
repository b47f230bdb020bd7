// The JSON Schema and the loader must know the same keys.
#include <gtest/gtest.h>

#include <set>

#include "engine/scheme/keys.h"
#include "engine/scheme/load.h"
#include "engine/scheme/tree.h"

namespace kaogong::scheme {
namespace {

const Node* child(const Node& map, std::string_view key) {
  for (size_t i = 0; i < map.pairs(); ++i) {
    if (map.key(i).text == key) return &map.value(i);
  }
  return nullptr;
}

// The object that a definition describes: itself, or the alternative that is one.
const Node* object_of(const Node& definition) {
  if (child(definition, "properties")) return &definition;
  if (const Node* any = child(definition, "anyOf")) {
    for (const Node& alternative : any->children) {
      if (child(alternative, "properties")) return &alternative;
    }
  }
  return nullptr;
}

class JsonSchema : public ::testing::Test {
 protected:
  JsonSchema() : source_(json_schema()), tree_(read_tree(source_)) {}
  SourceText source_;
  Tree tree_;
};

TEST_F(JsonSchema, HasTheLoadersKeys) {
  ASSERT_TRUE(tree_.readable);
  const Node* definitions = child(tree_.root, "$defs");
  ASSERT_NE(definitions, nullptr);
  for (const KeySet* set : all_key_sets()) {
    const Node* definition = set->name == "document" ? &tree_.root : child(*definitions, set->name);
    ASSERT_NE(definition, nullptr) << set->name;
    const Node* object = object_of(*definition);
    ASSERT_NE(object, nullptr) << set->name;
    const Node& properties = *child(*object, "properties");
    std::set<std::string> in_schema, in_loader(set->keys.begin(), set->keys.end());
    for (size_t i = 0; i < properties.pairs(); ++i) in_schema.insert(properties.key(i).text);
    EXPECT_EQ(in_schema, in_loader) << set->name;
    ASSERT_NE(child(*object, "additionalProperties"), nullptr) << set->name;
    EXPECT_EQ(child(*object, "additionalProperties")->text, "false") << set->name;

    std::set<std::string> required, needed(set->required.begin(), set->required.end());
    if (const Node* list = child(*object, "required")) {
      for (const Node& key : list->children) required.insert(key.text);
    }
    EXPECT_EQ(required, needed) << set->name;
  }
}

TEST_F(JsonSchema, RefersOnlyToWhatItDefines) {
  const Node& definitions = *child(tree_.root, "$defs");
  std::vector<const Node*> left = {&tree_.root};
  std::set<std::string> used = {"pack"};  // the root of the packs' schema
  while (!left.empty()) {
    const Node* node = left.back();
    left.pop_back();
    for (size_t i = 0; node->is_map() && i < node->pairs(); ++i) {
      if (node->key(i).text == "$ref") {
        const std::string name = node->value(i).text.substr(std::string_view("#/$defs/").size());
        EXPECT_NE(child(definitions, name), nullptr) << name;
        used.insert(name);
      }
    }
    for (const Node& part : node->children) left.push_back(&part);
  }
  EXPECT_EQ(used.size(), definitions.pairs());
}

TEST(PackSchema, IsADocumentOfItsOwn) {
  const std::string text = pack_json_schema();
  const SourceText source(text);
  const Tree tree = read_tree(source);
  ASSERT_TRUE(tree.readable);
  ASSERT_NE(child(tree.root, "$ref"), nullptr);
  EXPECT_EQ(child(tree.root, "$ref")->text, "#/$defs/pack");
  ASSERT_NE(child(tree.root, "$defs"), nullptr);
  EXPECT_NE(child(*child(tree.root, "$defs"), "pack"), nullptr);
}

}  // namespace
}  // namespace kaogong::scheme
