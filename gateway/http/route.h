// The table of routes: what a path means, who may call it, what it takes. Everything that is to be known of a call
// before its handler runs stands here, and the description of the API is held against it by a test.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/http/message.h"
#include "tenants/access/roles.h"

namespace kaogong::api {
struct Call;
}

namespace kaogong::http {

enum class Access : uint8_t {
  kPublic,    // nobody is asked who he is: health, the API's description
  kCaller,    // any key or token, an operator's, too; it is about who calls, and no tenant is named
  kOperator,  // an operator's key
  kTenant,    // a key or token of a tenant; operators name one with `Kaogong-Tenant`
};

enum class BodyKind : uint8_t { kNone, kJson, kStream };

/// Where a handler runs. Never on an io thread, except kInline, which must not block and takes microseconds.
enum class Lane : uint8_t {
  kInline,
  kInteractive,  // one bounded pool: answers that somebody waits for
  kBulk,         // another, at lower priority: uploads, exports, large scores
  kWatch,        // many threads that mostly wait: progress as events
};

inline constexpr size_t kJsonBodyBytesMax = size_t{1} << 20;

struct Route {
  Method method = Method::kGet;
  std::string_view pattern;  // "/v1/people/{employee}"
  std::string_view operation_id;
  Access access = Access::kTenant;
  std::optional<tenants::Scope> scope;     // what the caller must have; none: only that he is known
  std::optional<tenants::Scope> or_scope;  // also enough: the handler then narrows to what is the caller's own
  BodyKind body = BodyKind::kNone;
  size_t body_bytes_max = kJsonBodyBytesMax;  // of kJson
  bool needs_idempotency_key = false;         // of every mutation
  bool answers_in_control = false;            // what it changes is in the control schema: its answer is kept there
  Lane lane = Lane::kInteractive;
  std::function<Response(api::Call&)> handler;
};

/// The routes of the server. A path that is there with another method gives 405 with `Allow`; GET answers HEAD too.
class RouteTable {
 public:
  struct Match {
    const Route* route = nullptr;
    std::vector<std::string> values;  // of the pattern's {names}, in their order, percent-decoded
    std::vector<Method> allowed;      // when no route matched: methods of the same path
  };
  RouteTable();
  ~RouteTable();
  RouteTable(RouteTable&&) noexcept;
  RouteTable& operator=(RouteTable&&) noexcept;
  /// Aborts for a pattern that is there already or means the same as another, an operation_id that is there already, a
  /// pattern of another form, a route without a handler. No add() after the first find().
  void add(Route route);
  /// `path`: as it was sent, without the query. A literal segment goes before a {name}; {names} take no empty segment.
  Match find(Method method, std::string_view path) const;
  const std::vector<Route>& all() const { return routes_; }

 private:
  struct Node;
  struct PathValues;
  static const Node* walk(const Node& node, std::string_view rest, PathValues* values);
  std::vector<Route> routes_;
  std::unique_ptr<Node> root_;
};

}  // namespace kaogong::http
