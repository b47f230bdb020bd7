// XML to model.
#include <pugixml.hpp>
#include <unordered_map>
#include <unordered_set>

#include "engine/dmn/model.h"
#include "engine/dmn/read_boxed.h"

namespace kaogong::dmn {
namespace {

using feel::ParseNames;
using feel::Type;
using feel::TypePtr;

bool flag(const pugi::xml_node& node, const char* name) {
  const std::string_view value = node.attribute(name).value();
  return value == "true" || value == "1";
}

/// Reads one document; imports are read by the loader before the elements' texts are parsed, so that their names are
/// known.
class DocumentReader {
 public:
  DocumentReader(const pugi::xml_node& root, Model& model) : root_(root), model_(model) {}

  void read_head() {
    model_.name = root_.attribute("name").value();
    model_.namespace_uri = root_.attribute("namespace").value();
    for (const pugi::xml_node& node : root_.children()) {
      if (local_name(node) != "import") continue;
      const std::string type = node.attribute("importType").value();
      if (type.find("DMN") == std::string::npos) continue;  // PMML, XSD: nothing of them is executed
      model_.imports.push_back({trimmed(node.attribute("name").value()), node.attribute("namespace").value(),
                                node.attribute("locationURI").value(), nullptr});
    }
  }

  void read_body() {
    for (const pugi::xml_node& node : root_.children()) {
      if (local_name(node) == "itemDefinition") model_.item_definitions.push_back(item_definition(node, 0));
    }
    TypeBuilder(model_).build();
    for (const pugi::xml_node& node : root_.children()) read_shell(node);
    for (auto& [element, node] : shells_) {
      if (!element->id.empty()) model_.by_id.emplace(element->id, element);
    }
    collect_names();
    for (auto& [element, node] : shells_) read_logic(*element, node);
  }

 private:
  /// Item definitions to types, in whatever order they refer to each other.
  class TypeBuilder {
   public:
    explicit TypeBuilder(Model& model) : model_(model) {
      for (const ItemDefinition& definition : model.item_definitions) by_name_.emplace(definition.name, &definition);
    }
    void build() {
      for (const ItemDefinition& definition : model_.item_definitions) named(definition.name);
    }

   private:
    TypePtr named(const std::string& name) {
      if (const auto done = model_.types.find(name); done != model_.types.end()) return done->second;
      const auto found = by_name_.find(name);
      if (found == by_name_.end()) return nullptr;
      if (pending_.size() > kBoxedNestingMax) throw ReadFailure{"item definitions refer to each other too deeply"};
      if (!pending_.insert(name).second) return feel::builtin_type("Any");  // refers to itself
      TypePtr type = make(*found->second);
      pending_.erase(name);
      model_.types.emplace(name, type);
      return type;
    }

    TypePtr reference(const std::string& ref) {
      if (ref.empty()) return feel::builtin_type("Any");
      if (TypePtr own = named(ref)) return own;
      TypePtr other = model_.type(ref);
      return other ? other : feel::builtin_type("Any");
    }

    TypePtr make(const ItemDefinition& definition) {
      auto type = std::make_shared<Type>();
      if (definition.is_function) {
        type->kind = Type::Kind::kFunction;
        for (const TypedName& parameter : definition.parameters)
          type->parameters.push_back(reference(parameter.type_ref));
        type->result = reference(definition.output_type_ref);
      } else if (!definition.components.empty()) {
        type->kind = Type::Kind::kContext;
        for (const ItemDefinition& component : definition.components) {
          type->fields.emplace_back(component.name, make(component));
        }
      } else {
        *type = *reference(definition.type_ref);
      }
      if (type->name.empty() || !definition.name.empty()) type->name = definition.name;
      if (definition.allowed.tests) type->allowed.push_back(definition.allowed.tests);
      if (!definition.collection) {
        if (definition.constraint.tests) type->allowed.push_back(definition.constraint.tests);
        return type;
      }
      auto list = std::make_shared<Type>();
      list->kind = Type::Kind::kList;
      list->name = definition.name;
      list->element = type;
      if (definition.constraint.tests) list->allowed.push_back(definition.constraint.tests);
      return list;
    }

    Model& model_;
    std::unordered_map<std::string, const ItemDefinition*> by_name_;
    std::unordered_set<std::string> pending_;
  };

  ItemDefinition item_definition(const pugi::xml_node& node, int depth) {
    if (depth > kBoxedNestingMax) throw ReadFailure{"item definitions are nested too deeply"};
    ItemDefinition definition;
    definition.name = trimmed(node.attribute("name").value());
    definition.type_ref = child_text(node, "typeRef");
    definition.collection = flag(node, "isCollection");
    definition.allowed = read_tests_text(child_text(child(node, "allowedValues"), "text"), {});
    definition.constraint = read_tests_text(child_text(child(node, "typeConstraint"), "text"), {});
    for (const pugi::xml_node& part : node.children()) {
      if (local_name(part) == "itemComponent") {
        definition.components.push_back(item_definition(part, depth + 1));
        component_names_.insert(definition.components.back().name);
      } else if (local_name(part) == "functionItem") {
        definition.is_function = true;
        definition.output_type_ref = part.attribute("outputTypeRef").value();
        for (const pugi::xml_node& parameter : part.children()) {
          if (local_name(parameter) == "parameters") definition.parameters.push_back(typed_name(parameter));
        }
      }
    }
    return definition;
  }

  void read_shell(const pugi::xml_node& node) {
    const std::string_view kind = local_name(node);
    auto element = std::make_unique<Element>();
    if (kind == "inputData") {
      element->kind = ElementKind::kInputData;
    } else if (kind == "decision") {
      element->kind = ElementKind::kDecision;
    } else if (kind == "businessKnowledgeModel") {
      element->kind = ElementKind::kKnowledgeModel;
    } else if (kind == "decisionService") {
      element->kind = ElementKind::kDecisionService;
    } else {
      return;
    }
    element->model = &model_;
    element->id = node.attribute("id").value();
    element->name = trimmed(node.attribute("name").value());
    if (const pugi::xml_node variable = child(node, "variable")) element->variable = typed_name(variable);
    if (element->variable.name.empty()) element->variable.name = element->name;
    for (const pugi::xml_node& part : node.children()) {
      const std::string_view name = local_name(part);
      const std::string href = part.attribute("href").value();
      if (name == "informationRequirement") {
        if (const pugi::xml_node input = child(part, "requiredInput")) {
          element->required_inputs.emplace_back(input.attribute("href").value());
        }
        if (const pugi::xml_node decision = child(part, "requiredDecision")) {
          element->required_decisions.emplace_back(decision.attribute("href").value());
        }
      } else if (name == "knowledgeRequirement") {
        element->required_knowledge.emplace_back(child(part, "requiredKnowledge").attribute("href").value());
      } else if (name == "outputDecision") {
        element->output_decisions.push_back(href);
      } else if (name == "inputDecision") {
        element->input_decisions.push_back(href);
      } else if (name == "inputData") {
        element->input_data.push_back(href);
      }
    }
    shells_.emplace_back(element.get(), node);
    model_.elements.push_back(std::move(element));
  }

  /// Names that may stand after a dot are known everywhere; variables only where they are required.
  void collect_names() {
    everywhere_.known.insert(component_names_.begin(), component_names_.end());
    for (const Import& import : model_.imports) {
      everywhere_.known.insert(import.name);
      if (import.model == nullptr) continue;
      for (const auto& element : import.model->elements) everywhere_.known.insert(element->variable.name);
      for (const ItemDefinition& definition : import.model->item_definitions) add_names(definition);
    }
    for (const ItemDefinition& definition : model_.item_definitions) everywhere_.known.insert(definition.name);
    collect_entries(root_, 0);
  }

  void add_names(const ItemDefinition& definition) {
    everywhere_.known.insert(definition.name);
    for (const ItemDefinition& component : definition.components) add_names(component);
  }

  void collect_entries(const pugi::xml_node& node, int depth) {
    if (depth > 4 * kBoxedNestingMax) throw ReadFailure{"the document is nested too deeply"};
    for (const pugi::xml_node& part : node.children()) {
      if (part.type() != pugi::node_element) continue;
      const std::string_view kind = local_name(part);
      if (kind == "column" || kind == "output") everywhere_.known.insert(trimmed(part.attribute("name").value()));
      if (kind == "contextEntry") {
        everywhere_.known.insert(trimmed(child(part, "variable").attribute("name").value()));
      }
      collect_entries(part, depth + 1);
    }
  }

  void read_logic(Element& element, const pugi::xml_node& node) {
    ParseNames names = everywhere_;
    for (const auto* hrefs : {&element.required_inputs, &element.required_decisions, &element.required_knowledge}) {
      for (const std::string& href : *hrefs) {
        if (const Element* required = model_.resolve(href)) names.known.insert(required->variable.name);
      }
    }
    BoxedReader reader;
    if (element.kind == ElementKind::kDecision) {
      element.logic = reader.read_child(node, names);
    } else if (element.kind == ElementKind::kKnowledgeModel) {
      names.known.insert(element.variable.name);
      element.function = reader.read_function(child(node, "encapsulatedLogic"), names);
    }
  }

  pugi::xml_node root_;
  Model& model_;
  std::vector<std::pair<Element*, pugi::xml_node>> shells_;
  std::unordered_set<std::string> component_names_;
  ParseNames everywhere_;
};

pugi::xml_node definitions_of(const pugi::xml_document& document) {
  const pugi::xml_node root = document.document_element();
  return local_name(root) == "definitions" ? root : pugi::xml_node();
}

class Loader {
 public:
  Loader(Definitions& definitions, const ImportResolver& resolver) : definitions_(definitions), resolver_(resolver) {}

  Model* load(std::string_view bytes) {
    if (bytes.size() > kModelBytesMax) throw ReadFailure{"the model is too large"};
    if (definitions_.models.size() >= kModelsMax) throw ReadFailure{"too many models are imported"};
    pugi::xml_document document;
    const pugi::xml_parse_result parsed = document.load_buffer(bytes.data(), bytes.size());
    if (!parsed) throw ReadFailure{std::string("not XML: ") + parsed.description()};
    const pugi::xml_node root = definitions_of(document);
    if (!root) throw ReadFailure{"there is no definitions element"};
    definitions_.models.push_back(std::make_unique<Model>());
    Model& model = *definitions_.models.back();
    DocumentReader reader(root, model);
    reader.read_head();
    for (Import& import : model.imports) import.model = imported(import);
    reader.read_body();
    return &model;
  }

 private:
  const Model* imported(const Import& import) {
    for (const auto& model : definitions_.models) {
      if (model->namespace_uri == import.namespace_uri) return model.get();
    }
    std::optional<std::string> bytes = resolver_ ? resolver_(import.namespace_uri, import.location) : std::nullopt;
    if (!bytes) throw ReadFailure{"the import '" + import.namespace_uri + "' cannot be had"};
    return load(*bytes);
  }

  Definitions& definitions_;
  const ImportResolver& resolver_;
};

}  // namespace

std::variant<std::shared_ptr<const Definitions>, LoadError> load(std::string_view bytes,
                                                                 const ImportResolver& resolver) {
  auto definitions = std::make_shared<Definitions>();
  try {
    Loader(*definitions, resolver).load(bytes);
  } catch (ReadFailure& failure) {
    return LoadError{std::move(failure.message)};
  }
  return std::shared_ptr<const Definitions>(std::move(definitions));
}

std::optional<std::string> namespace_of(std::string_view bytes) {
  pugi::xml_document document;
  if (bytes.size() > kModelBytesMax || !document.load_buffer(bytes.data(), bytes.size())) return std::nullopt;
  const pugi::xml_node root = definitions_of(document);
  if (!root) return std::nullopt;
  return root.attribute("namespace").value();
}

}  // namespace kaogong::dmn
