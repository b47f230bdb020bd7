#include "infra/config/yaml_file.h"

#include <yaml-cpp/yaml.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <set>

namespace kaogong::config {
namespace {

class Reader {
 public:
  Reader(const std::string& file_name, std::vector<Fault>* faults) : file_name_(file_name), faults_(faults) {}

  std::vector<Entry> read(const YAML::Node& root) {
    if (root.IsNull()) return {};
    if (!root.IsMap()) {
      fault(root, "", "", "is not a map of sections", "write `section:` and below it, indented, `key: value`");
      return {};
    }
    for (const auto& section : root) read_section(section.first, section.second);
    return std::move(entries_);
  }

 private:
  void read_section(const YAML::Node& name, const YAML::Node& keys) {
    if (!name.IsScalar()) return fault(name, "", "", "a section has no plain name", "write `section:`");
    if (keys.IsNull()) return;
    if (!keys.IsMap()) {
      return fault(keys, name.Scalar(), keys.IsScalar() ? keys.Scalar() : "", "is a value where a section must be",
                   "write `" + name.Scalar() + ":` and below it, indented, `key: value`");
    }
    for (const auto& key : keys) {
      if (!key.first.IsScalar()) {
        fault(key.first, "", "", "a key has no plain name", "write `key: value`");
      } else {
        read_key(name.Scalar() + "." + key.first.Scalar(), key.first, key.second);
      }
    }
  }

  void read_key(const std::string& key, const YAML::Node& at, const YAML::Node& value) {
    if (!seen_.insert(key).second) return fault(at, key, "", "stands twice", "keep one of them");
    if (value.IsNull()) return fault(at, key, "", "has no value", "write one, or take the line out to get the default");
    if (!value.IsScalar()) return fault(at, key, "", "is not one value", "write `key: value`");
    entries_.push_back({key, value.Scalar(), source(at)});
  }

  std::string source(const YAML::Node& at) const { return file_name_ + ":" + std::to_string(at.Mark().line + 1); }

  void fault(const YAML::Node& at, const std::string& key, const std::string& value, const std::string& problem,
             const std::string& remedy) {
    faults_->push_back({source(at), key, value, problem, remedy});
  }

  const std::string& file_name_;
  std::vector<Fault>* faults_;
  std::vector<Entry> entries_;
  std::set<std::string> seen_;
};

}  // namespace

std::vector<Entry> read_yaml(std::string_view text, const std::string& file_name, std::vector<Fault>* faults) {
  try {
    return Reader(file_name, faults).read(YAML::Load(std::string(text)));
  } catch (const YAML::Exception& e) {
    faults->push_back({file_name + ":" + std::to_string(e.mark.line + 1), "", "", "is not YAML: " + e.msg,
                       "write `section:` and below it, indented, `key: value`"});
    return {};
  }
}

std::vector<Entry> read_yaml_file(const std::string& path, std::vector<Fault>* faults) {
  std::string text(kFileBytesMax + 1, '\0');
  errno = 0;
  std::ifstream in(path, std::ios::binary);
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!in.eof() && in.fail()) {
    const std::string why = errno != 0 ? std::strerror(errno) : "it is no file";
    faults->push_back({path, "", "", "cannot be read: " + why, "give the path of a file that this user may read"});
    return {};
  }
  text.resize(static_cast<size_t>(in.gcount()));
  if (text.size() > kFileBytesMax) {
    faults->push_back(
        {path, "", "", "is longer than " + std::to_string(kFileBytesMax) + " bytes", "give a configuration file"});
    return {};
  }
  return read_yaml(text, path, faults);
}

}  // namespace kaogong::config
