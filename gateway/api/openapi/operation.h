// One operation of the document: what the table of routes knows of it, and what its fragment says. Internal to this
// room, and to its tests.
#pragma once

#include <yaml-cpp/yaml.h>

#include <string>

#include "gateway/http/route.h"
#include "gateway/json/writer.h"

namespace kaogong::api {

/// Writes the operation of a route. `said`: its entry in the fragment.
void write_operation(json::Writer& w, const http::Route& route, const std::string& tag, const YAML::Node& said);

/// What `answer` or `or` says: `201 Person`, `200 page of Person`, `200 text/html`, `204`.
struct SaidAnswer {
  int status = 200;
  std::string schema;  // a word, or a media type; empty: no body
  bool list = false, page = false;
};
SaidAnswer answer_in(const YAML::Node& said);

}  // namespace kaogong::api
