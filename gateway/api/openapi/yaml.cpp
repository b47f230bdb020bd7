#include "gateway/api/openapi/yaml.h"

#include "gateway/json/read.h"

namespace kaogong::api {

void write_yaml(json::Writer& w, const YAML::Node& node) {
  switch (node.Type()) {
    case YAML::NodeType::Map:
      w.begin_object();
      for (const auto& member : node) write_yaml(w.name(member.first.Scalar()), member.second);
      w.end_object();
      return;
    case YAML::NodeType::Sequence:
      w.begin_array();
      for (const auto& item : node) write_yaml(w, item);
      w.end_array();
      return;
    case YAML::NodeType::Scalar: {
      const auto& text = node.Scalar();
      const bool plain = node.Tag() == "?";
      if (plain && (text == "true" || text == "false" || json::is_number(text))) {
        w.raw(text);
      } else {
        w.value(text);
      }
      return;
    }
    default:
      w.null();
  }
}

}  // namespace kaogong::api
