// The JSON body of a call, and the parameters of its query: read with all of their faults, answered at once.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/api/problem.h"
#include "gateway/http/message.h"
#include "gateway/json/body.h"
#include "gateway/json/read.h"

namespace kaogong::api {

/// The body of a call, an object. Read its members by reader(), then ask problem() once, and go on only if it is
/// nothing.
class JsonBody {
 public:
  explicit JsonBody(const http::Request& request, const json::ReadLimits& limits = {});
  JsonBody(const JsonBody&) = delete;
  JsonBody& operator=(const JsonBody&) = delete;

  json::BodyReader& reader() { return *reader_; }
  json::BodyReader* operator->() { return &*reader_; }
  /// Refuses members that nobody asked for; the answer if anything is wrong: 400 for what is no JSON, else 422.
  std::optional<http::Response> problem();

 private:
  std::optional<json::ReadFault> malformed_;
  json::Document document_;
  json::BodyFaults faults_;
  std::optional<json::BodyReader> reader_;
};

/// The parameters of a query. Each is asked for once; problem() refuses those that nobody asked for, and those that
/// are there twice.
class Query {
 public:
  explicit Query(const http::Request& request) : request_(request) {}

  /// Nothing: it is not there.
  std::optional<std::string> text(std::string_view name, size_t bytes_max = kParameterBytesMax);
  /// The same, and it is a fault if it is not there.
  std::string required(std::string_view name, size_t bytes_max = kParameterBytesMax);
  std::optional<int64_t> whole(std::string_view name, int64_t least, int64_t most);
  /// `true` or `false`; false: it is not there.
  bool truth(std::string_view name);
  /// What `parse(string_view)` makes of it (gives an optional). `what`: what is expected, for the fault.
  template <typename Parse>
  auto parsed(std::string_view name, const Parse& parse, std::string_view what) -> decltype(parse(std::string_view())) {
    const auto value = text(name);
    if (!value) return {};
    auto result = parse(std::string_view(*value));
    if (!result) fault(name, "must be " + std::string(what));
    return result;
  }
  void fault(std::string_view name, std::string detail) { faults_.push_back({std::string(name), std::move(detail)}); }
  /// The answer if anything is wrong.
  std::optional<http::Response> problem();

  static constexpr size_t kParameterBytesMax = 1'000;

 private:
  const http::Request& request_;
  std::set<std::string, std::less<>> asked_;
  std::vector<ParameterFault> faults_;
};

}  // namespace kaogong::api
