#include "engine/dmn/model.h"

namespace kaogong::dmn {

const Element* Model::find(std::string_view element_name) const {
  for (const auto& element : elements) {
    if (element->name == element_name) return element.get();
  }
  return nullptr;
}

const Import* Model::import_of(const std::string& href) const {
  const size_t hash = href.rfind('#');
  if (hash == std::string::npos || hash == 0) return nullptr;
  const std::string uri = href.substr(0, hash);
  if (uri == namespace_uri) return nullptr;
  for (const Import& import : imports) {
    if (import.namespace_uri == uri) return &import;
  }
  return nullptr;
}

const Element* Model::resolve(const std::string& href) const {
  const size_t hash = href.rfind('#');
  const std::string id = hash == std::string::npos ? href : href.substr(hash + 1);
  const Model* model = this;
  if (hash != std::string::npos && hash > 0 && href.substr(0, hash) != namespace_uri) {
    const Import* import = import_of(href);
    if (import == nullptr || import->model == nullptr) return nullptr;
    model = import->model;
  }
  const auto found = model->by_id.find(id);
  return found == model->by_id.end() ? nullptr : found->second;
}

feel::TypePtr Model::type(const std::string& reference) const {
  if (reference.empty()) return nullptr;
  if (const auto own = types.find(reference); own != types.end()) return own->second;
  if (feel::TypePtr builtin = feel::builtin_type(reference)) return builtin;
  for (const Import& import : imports) {
    if (import.model == nullptr) continue;
    if (import.name.empty()) {
      if (feel::TypePtr found = import.model->type(reference)) return found;
    } else if (reference.size() > import.name.size() + 1 && reference.starts_with(import.name) &&
               reference[import.name.size()] == '.') {
      if (feel::TypePtr found = import.model->type(reference.substr(import.name.size() + 1))) return found;
    }
  }
  // DMN 1.1 wrote built-in types with a prefix: feel:number.
  if (const size_t colon = reference.find(':'); colon != std::string::npos) {
    return feel::builtin_type(std::string_view(reference).substr(colon + 1));
  }
  return nullptr;
}

}  // namespace kaogong::dmn
