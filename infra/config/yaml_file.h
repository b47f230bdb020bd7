// A configuration file: YAML of two levels, sections and their keys.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "infra/config/sources.h"

namespace kaogong::config {

/// The entries of a text in the order in which they stand. What has another form than `section:` with `key: value`
/// below it, and a key that stands twice, is a fault with its line.
std::vector<Entry> read_yaml(std::string_view text, const std::string& file_name, std::vector<Fault>* faults);

/// The same of a file. Faults also: it cannot be read, it is longer than kFileBytesMax.
std::vector<Entry> read_yaml_file(const std::string& path, std::vector<Fault>* faults);

}  // namespace kaogong::config
