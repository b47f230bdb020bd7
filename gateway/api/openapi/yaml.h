// YAML that we wrote ourselves, as JSON. Internal to this room, and to its tests.
#pragma once

#include <yaml-cpp/yaml.h>

#include "gateway/json/writer.h"

namespace kaogong::api {

/// Writes a node: plain scalars that are numbers, truths or null become such, quoted ones stay texts.
void write_yaml(json::Writer& w, const YAML::Node& node);

}  // namespace kaogong::api
