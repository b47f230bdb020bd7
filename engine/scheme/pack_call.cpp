#include "engine/scheme/pack_call.h"

#include <algorithm>
#include <map>
#include <set>

#include "engine/scheme/expressions.h"
#include "engine/scheme/near.h"

namespace kaogong::scheme {

std::string dotted_name(const feel::Expr& expr) {
  if (expr.kind != feel::ExprKind::kPath) return {};
  const auto& path = static_cast<const feel::Path&>(expr);
  if (path.object->kind == feel::ExprKind::kName) {
    return static_cast<const feel::NameRef&>(*path.object).name + "." + path.name;
  }
  const std::string before = dotted_name(*path.object);
  return before.empty() ? before : before + "." + path.name;
}

uint32_t pack_of(const Document& document, std::string_view dotted) {
  // The longest id: cn.iit may stand beside cn.
  uint32_t best = kNoPack;
  for (uint32_t p = 0; p < document.packs.size(); ++p) {
    const std::string& id = document.packs[p]->id;
    const bool begins = dotted.size() > id.size() && dotted.starts_with(id) && dotted[id.size()] == '.';
    if (begins && (best == kNoPack || id.size() > document.packs[best]->id.size())) best = p;
  }
  return best;
}

std::optional<PackFunctionId> called_function(const Document& document, const feel::Expr& callee, uint32_t inside) {
  uint32_t pack = inside;
  std::string name;
  if (callee.kind == feel::ExprKind::kName) {
    if (inside == kNoPack) return std::nullopt;
    name = static_cast<const feel::NameRef&>(callee).name;
  } else {
    const std::string dotted = dotted_name(callee);
    const uint32_t named = dotted.empty() ? kNoPack : pack_of(document, dotted);
    if (named == kNoPack || (inside != kNoPack && named != inside)) return std::nullopt;
    pack = named;
    name = dotted.substr(document.packs[pack]->id.size() + 1);
  }
  const Pack& found = *document.packs[pack];
  const PackFunction* function = found.function(name);
  if (function == nullptr) return std::nullopt;
  return PackFunctionId{pack, static_cast<uint32_t>(function - found.functions.data())};
}

std::string full_name(const Pack& pack, const PackFunction& function) { return pack.id + "." + function.name; }

PackArguments arrange_arguments(const PackFunction& function, const std::string& name, const feel::Call& call) {
  PackArguments arranged;
  const auto& parameters = function.parameters;
  arranged.values.resize(parameters.size());
  std::string signature;
  for (const PackParameter& p : parameters) signature += (signature.empty() ? "" : ", ") + p.name;
  const auto wrong = [&](std::string error) {
    arranged.error = "'" + name + "' " + std::move(error);
    arranged.remedy = "its parameters are: " + (signature.empty() ? "none" : signature);
    return arranged;
  };
  bool named = false;
  for (size_t i = 0; i < call.arguments.size(); ++i) {
    const feel::Argument& argument = call.arguments[i];
    if (argument.name.empty()) {
      if (named) return wrong("has an argument without a name behind named ones");
      if (i >= parameters.size()) {
        return wrong("is given " + std::to_string(call.arguments.size()) + " arguments and has " +
                     std::to_string(parameters.size()) + " parameters");
      }
      arranged.values[i] = argument.value.get();
      continue;
    }
    named = true;
    const auto found = std::find_if(parameters.begin(), parameters.end(),
                                    [&](const PackParameter& p) { return p.name == argument.name; });
    if (found == parameters.end()) {
      std::vector<std::string_view> known;
      for (const PackParameter& p : parameters) known.emplace_back(p.name);
      wrong("has no parameter '" + argument.name + "'");
      if (!nearest(argument.name, known).empty()) arranged.remedy = suggest(argument.name, known, "");
      return arranged;
    }
    const auto at = static_cast<size_t>(found - parameters.begin());
    if (arranged.values[at] != nullptr) return wrong("is given '" + argument.name + "' twice");
    arranged.values[at] = argument.value.get();
  }
  for (size_t i = 0; i < parameters.size(); ++i) {
    if (arranged.values[i] == nullptr && !parameters[i].default_value) {
      return wrong("is not given '" + parameters[i].name + "'");
    }
  }
  return arranged;
}

size_t find_called(Document& document, size_t most) {
  std::set<PackFunctionId> called;
  std::map<PackFunctionId, size_t> sizes;  // calls that one call comes to
  const auto size_of = [&](const auto& self, PackFunctionId id) -> size_t {
    if (const auto known = sizes.find(id); known != sizes.end()) return known->second;
    sizes[id] = 1;  // packs are loaded without circles
    called.insert(id);
    size_t size = 1;
    for_each_tree(document.packs[id.pack]->functions[id.function], [&](const feel::Expr& tree) {
      for_each_part(tree, [&](const feel::Expr& part) {
        if (part.kind != feel::ExprKind::kCall) return;
        const auto other = called_function(document, *static_cast<const feel::Call&>(part).callee, id.pack);
        if (other) size = std::min(most + 1, size + self(self, *other));
      });
    });
    return sizes[id] = size;
  };
  size_t total = 0;
  if (!document.packs.empty()) {
    for_each_tree(document, [&](const feel::Expr& tree) {
      for_each_part(tree, [&](const feel::Expr& part) {
        if (part.kind != feel::ExprKind::kCall) return;
        const auto id = called_function(document, *static_cast<const feel::Call&>(part).callee);
        if (id) total = std::min(most + 1, total + size_of(size_of, *id));
      });
    });
  }
  document.called.assign(called.begin(), called.end());
  return total;
}

}  // namespace kaogong::scheme
