#include "gateway/http/route.h"

#include <algorithm>
#include <array>
#include <boost/container/small_vector.hpp>
#include <cstdio>
#include <cstdlib>
#include <map>

#include "gateway/http/target.h"

namespace kaogong::http {

namespace {

constexpr size_t kMethods = static_cast<size_t>(Method::kOptions) + 1;
constexpr size_t kNone = SIZE_MAX;

[[noreturn]] void mistake(std::string_view pattern, const char* what) {
  std::fprintf(stderr, "kaogong: route %.*s: %s\n", static_cast<int>(pattern.size()), pattern.data(), what);
  std::abort();
}

/// The first segment of the rest of a path, which is cut off; `more`: whether another follows.
std::string_view take_segment(std::string_view* rest, bool* more) {
  const size_t end = std::min(rest->find('/'), rest->size());
  const auto segment = rest->substr(0, end);
  *more = end < rest->size();
  rest->remove_prefix(std::min(end + 1, rest->size()));
  return segment;
}

}  // namespace

/// One segment of the paths: what may follow it, and the routes that end here.
struct RouteTable::Node {
  Node() { routes.fill(kNone); }
  std::map<std::string, std::unique_ptr<Node>, std::less<>> literals;
  std::unique_ptr<Node> named;
  std::array<size_t, kMethods> routes;

  bool ends() const {
    return std::any_of(routes.begin(), routes.end(), [](size_t index) { return index != kNone; });
  }
};

struct RouteTable::PathValues : boost::container::small_vector<std::string_view, 8> {};

/// The node that the rest of a path leads to; null: there is none. A literal segment that leads nowhere gives way to a
/// name. No deeper than the patterns are.
const RouteTable::Node* RouteTable::walk(const Node& node, std::string_view rest, PathValues* values) {
  bool more = false;
  const auto segment = take_segment(&rest, &more);
  const auto from = [&](const Node& next) -> const Node* {
    if (more) return walk(next, rest, values);
    return next.ends() ? &next : nullptr;
  };
  const auto literal = node.literals.find(segment);
  if (literal != node.literals.end())
    if (const Node* found = from(*literal->second)) return found;
  if (node.named == nullptr || segment.empty()) return nullptr;
  values->push_back(segment);
  if (const Node* found = from(*node.named)) return found;
  values->pop_back();
  return nullptr;
}

RouteTable::RouteTable() : root_(std::make_unique<Node>()) {}
RouteTable::~RouteTable() = default;
RouteTable::RouteTable(RouteTable&&) noexcept = default;
RouteTable& RouteTable::operator=(RouteTable&&) noexcept = default;

void RouteTable::add(Route route) {
  const auto pattern = route.pattern;
  if (pattern.empty() || pattern[0] != '/') mistake(pattern, "a pattern begins with a slash");
  if (!route.handler) mistake(pattern, "there is no handler");
  if (route.operation_id.empty()) mistake(pattern, "there is no operation_id");
  for (const auto& other : routes_)
    if (other.operation_id == route.operation_id) mistake(pattern, "the operation_id is there already");
  Node* node = root_.get();
  auto rest = pattern.substr(1);
  for (bool more = true; more;) {
    const auto segment = take_segment(&rest, &more);
    if (segment.starts_with('{')) {
      if (segment.size() < 3 || !segment.ends_with('}')) mistake(pattern, "a name is written {name}");
      if (node->named == nullptr) node->named = std::make_unique<Node>();
      node = node->named.get();
    } else {
      auto& next = node->literals[std::string(segment)];
      if (next == nullptr) next = std::make_unique<Node>();
      node = next.get();
    }
  }
  size_t& place = node->routes[static_cast<size_t>(route.method)];
  if (place != kNone) mistake(pattern, "another route means the same");
  place = routes_.size();
  routes_.push_back(std::move(route));
}

RouteTable::Match RouteTable::find(Method method, std::string_view path) const {
  Match match;
  if (path.empty() || path[0] != '/') return match;
  PathValues values;
  const Node* node = walk(*root_, path.substr(1), &values);
  if (node == nullptr) return match;
  size_t index = node->routes[static_cast<size_t>(method)];
  if (index == kNone && method == Method::kHead) index = node->routes[static_cast<size_t>(Method::kGet)];
  if (index == kNone) {
    for (size_t i = 0; i < kMethods; ++i) {
      if (node->routes[i] != kNone ||
          (static_cast<Method>(i) == Method::kHead && node->routes[static_cast<size_t>(Method::kGet)] != kNone))
        match.allowed.push_back(static_cast<Method>(i));
    }
    return match;
  }
  match.route = &routes_[index];
  match.values.reserve(values.size());
  for (const auto value : values) match.values.push_back(decode_segment(value));
  return match;
}

}  // namespace kaogong::http
