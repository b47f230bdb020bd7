// Packs: the head, and the way through the sections.
#include <algorithm>

#include "engine/scheme/load.h"
#include "engine/scheme/pack_loader.h"

namespace kaogong::scheme {
namespace {

constexpr size_t kPackIdMax = 100;

// "cn.iit": parts as names are, joined by points; one alone is a pack, too.
bool valid_pack_id(std::string_view id) {
  if (id.empty() || id.size() > kPackIdMax) return false;
  for (bool more = true; more;) {
    const size_t point = id.find('.');
    const std::string_view part = id.substr(0, point);
    const bool letters =
        !part.empty() && part[0] >= 'a' && part[0] <= 'z' && std::all_of(part.begin(), part.end(), [](char c) {
          return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
        });
    if (!letters || is_reserved_name(part)) return false;
    more = point != std::string_view::npos;
    if (more) id.remove_prefix(point + 1);
  }
  return true;
}

}  // namespace

void PackLoader::read_pack_head(const Fields& fields) {
  if (const Node* node = fields.find("kaogong_pack")) {
    if (expect(*node, Node::Kind::kText, "\"kaogong_pack\"") && node->text != "1") {
      error(*node, "bad-value", "this program reads version 1 of the packs' language, not \"" + node->text + "\"",
            "write kaogong_pack: 1");
    }
  }
  if (const Node* node = fields.find("id")) {
    pack->id = text(*node, "\"id\"");
    if (node->is_text() && !valid_pack_id(pack->id)) {
      error(
          *node, "bad-name", "\"" + pack->id.substr(0, kPackIdMax) + "\" is no id of a pack",
          "join names of lower-case letters, digits and _ by points, such as cn.iit; FEEL's own words cannot be used");
    }
  }
  if (const Node* node = fields.find("version")) {
    pack->version = whole_number(*node, "\"version\"", 1'000'000'000).value_or(1);
    if (pack->version == 0) error(*node, "bad-value", "versions count from 1, not 0", "write version: 1");
  }
  if (const Node* node = fields.find("labels")) pack->labels = labels(*node, "\"labels\" of the pack");
  if (const Node* node = fields.find("jurisdiction")) pack->jurisdiction = text(*node, "\"jurisdiction\"");
  if (const Node* node = fields.find("region")) pack->region = text(*node, "\"region\"");
  if (const Node* node = fields.find("sources")) pack->sources = texts(*node, "\"sources\"");
  if (const Node* node = fields.find("notes"); node != nullptr && expect(*node, Node::Kind::kList, "\"notes\"")) {
    for (const Node& note : node->children) pack->notes.push_back(labels(note, "a note"));
  }
}

void PackLoader::read_pack(const Node& root) {
  if (!root.is_map()) {
    error(root, "wrong-kind", "a pack is a map of keys, not " + std::string(kind_name(root)),
          "begin with kaogong_pack: 1");
    return;
  }
  const Fields fields(*this, root, keys::kPack, "the pack");
  read_pack_head(fields);
  if (const Node* tables = fields.find("tables"); tables && expect(*tables, Node::Kind::kMap, "\"tables\"")) {
    read_pack_tables(*tables);
  }
  if (const Node* functions = fields.find("functions");
      functions && expect(*functions, Node::Kind::kMap, "\"functions\"")) {
    read_functions(*functions);
  }
}

LoadedPack load_pack(std::string_view text) {
  LoadedPack loaded;
  std::shared_ptr<Pack> pack;
  loaded.findings = read_text(text, [&](const SourceText& source, const Node& root) {
    PackLoader loader(source);
    loader.read_pack(root);
    pack = loader.pack;
    return std::move(loader.findings);
  });
  const bool wrong = std::any_of(loaded.findings.begin(), loaded.findings.end(),
                                 [](const Finding& f) { return f.severity == Severity::kError; });
  if (!wrong) loaded.pack = std::move(pack);
  return loaded;
}

std::string pack_json_schema() {
  // Packs share the definitions of schemes.
  const std::string_view schemes = json_schema();
  std::string text =
      "{\n  \"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n  \"title\": \"Kaogong pack\",\n"
      "  \"description\": \"Functions over dated tables, version 1 of the language.\",\n"
      "  \"$ref\": \"#/$defs/pack\",\n  ";
  text += schemes.substr(schemes.find("\"$defs\""));
  return text;
}

}  // namespace kaogong::scheme
