#include "gateway/api/body.h"

#include <charconv>

#include "gateway/json/writer.h"

namespace kaogong::api {

namespace {

json::Document empty_object() { return std::get<json::Document>(json::read("{}")); }

}  // namespace

JsonBody::JsonBody(const http::Request& request, const json::ReadLimits& limits) : document_(empty_object()) {
  auto result = json::read(request.body, limits);
  if (auto* fault = std::get_if<json::ReadFault>(&result)) {
    malformed_ = std::move(*fault);
  } else {
    document_ = std::get<json::Document>(std::move(result));
  }
  reader_.emplace(document_.root(), std::string(), faults_);
}

std::optional<http::Response> JsonBody::problem() {
  if (malformed_)
    return api::problem(ProblemCode::kMalformedBody, malformed_->pointer.empty()
                                                         ? malformed_->detail
                                                         : malformed_->detail + ", at " + malformed_->pointer);
  reader_->finish();
  if (faults_.empty()) return std::nullopt;
  return api::problem(faults_);
}

std::optional<std::string> Query::text(std::string_view name, size_t bytes_max) {
  asked_.emplace(name);
  const std::string* found = nullptr;
  for (const auto& parameter : request_.query) {
    if (parameter.name != name) continue;
    if (found != nullptr) {
      fault(name, "is there twice");
      return std::nullopt;
    }
    found = &parameter.value;
  }
  if (found == nullptr) return std::nullopt;
  if (found->size() > bytes_max) {
    fault(name, "is longer than " + std::to_string(bytes_max) + " bytes");
    return std::nullopt;
  }
  if (!json::is_text(*found)) {
    fault(name, "is not UTF-8, or holds U+0000");
    return std::nullopt;
  }
  return *found;
}

std::string Query::required(std::string_view name, size_t bytes_max) {
  const auto faults = faults_.size();
  auto value = text(name, bytes_max);
  if (!value && faults == faults_.size()) fault(name, "is missing");
  return value.value_or(std::string());
}

std::optional<int64_t> Query::whole(std::string_view name, int64_t least, int64_t most) {
  const auto value = text(name);
  if (!value) return std::nullopt;
  int64_t number = 0;
  const auto [end, error] = std::from_chars(value->data(), value->data() + value->size(), number);
  if (end == value->data() + value->size() && error == std::errc{} && number >= least && number <= most) return number;
  fault(name, "must be a whole number from " + std::to_string(least) + " to " + std::to_string(most));
  return std::nullopt;
}

bool Query::truth(std::string_view name) {
  const auto value = text(name);
  if (!value || *value == "false") return false;
  if (*value != "true") fault(name, "must be true or false");
  return *value == "true";
}

std::optional<http::Response> Query::problem() {
  for (const auto& parameter : request_.query)
    if (!asked_.contains(parameter.name)) fault(parameter.name, "is not known here");
  if (faults_.empty()) return std::nullopt;
  return api::problem(faults_);
}

}  // namespace kaogong::api
