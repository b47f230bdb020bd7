#include "gateway/json/body.h"

#include <charconv>

#include "gateway/json/read.h"

namespace kaogong::json {

BodyReader::BodyReader(Value value, std::string pointer, BodyFaults& faults)
    : value_(value), pointer_(std::move(pointer)), faults_(&faults), is_object_(value.is(Kind::kObject)) {
  if (!is_object_) faults.add(pointer_, "must be an object, not " + std::string(to_text(value.kind())));
}

std::optional<Value> BodyReader::take(std::string_view name, Need need) {
  asked_.emplace(name);
  auto found = value_.find(name);
  const bool optional = need == Need::kOptional;
  if (found && optional && found->is(Kind::kNull)) return std::nullopt;
  if (!found && !optional && is_object_) fault(name, "is missing");
  return found;
}

std::optional<Value> BodyReader::take(std::string_view name, Need need, Kind kind) {
  auto found = take(name, need);
  if (!found || found->is(kind)) return found;
  fault(name, "must be " + std::string(to_text(kind)) + ", not " + std::string(to_text(found->kind())));
  return std::nullopt;
}

std::optional<std::string> BodyReader::text(std::string_view name, size_t bytes_max, Need need, bool may_be_empty) {
  const auto found = take(name, need, Kind::kString);
  if (!found) return std::nullopt;
  if (found->text().empty() && !may_be_empty) {
    fault(name, "must not be empty");
    return std::nullopt;
  }
  if (found->text().size() > bytes_max) {
    fault(name, "is longer than " + std::to_string(bytes_max) + " bytes");
    return std::nullopt;
  }
  return std::string(found->text());
}

std::optional<int64_t> BodyReader::whole(std::string_view name, int64_t least, int64_t most, Need need) {
  const auto found = take(name, need, Kind::kNumber);
  if (!found) return std::nullopt;
  const auto text = found->text();
  int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (end != text.data() + text.size() || error != std::errc{} || number < least || number > most) {
    fault(name, "must be a whole number from " + std::to_string(least) + " to " + std::to_string(most));
    return std::nullopt;
  }
  return number;
}

std::optional<bool> BodyReader::truth(std::string_view name, Need need) {
  const auto found = take(name, need, Kind::kBoolean);
  return found ? std::optional(found->truth()) : std::nullopt;
}

std::optional<std::string> BodyReader::decimal(std::string_view name, Need need) {
  const auto found = take(name, need);
  if (!found) return std::nullopt;
  if (found->is(Kind::kNumber) || (found->is(Kind::kString) && is_number(found->text())))
    return std::string(found->text());
  fault(name, "must be a number, or a string that is one");
  return std::nullopt;
}

std::optional<BodyReader> BodyReader::object(std::string_view name, Need need) {
  const auto found = take(name, need, Kind::kObject);
  if (!found) return std::nullopt;
  return BodyReader(*found, pointer(name), *faults_);
}

std::vector<Value> BodyReader::array(std::string_view name, size_t items_max, Need need) {
  const auto found = take(name, need, Kind::kArray);
  std::vector<Value> items;
  if (!found) return items;
  if (found->size() > items_max) {
    fault(name, "has more than " + std::to_string(items_max) + " items");
    return items;
  }
  items.reserve(found->size());
  for (const auto item : found->items()) items.push_back(item);
  return items;
}

std::vector<std::string> BodyReader::texts(std::string_view name, size_t items_max, size_t bytes_max, Need need) {
  std::vector<std::string> texts;
  size_t index = 0;
  for (const auto item : array(name, items_max, need)) {
    if (!item.is(Kind::kString)) {
      faults_->add(pointer(name, index), "must be a string, not " + std::string(to_text(item.kind())));
    } else if (item.text().size() > bytes_max) {
      faults_->add(pointer(name, index), "is longer than " + std::to_string(bytes_max) + " bytes");
    } else {
      texts.emplace_back(item.text());
    }
    ++index;
  }
  return texts;
}

std::optional<Value> BodyReader::any(std::string_view name, Need need) { return take(name, need); }

bool BodyReader::has(std::string_view name) const {
  const auto found = value_.find(name);
  return found && !found->is(Kind::kNull);
}

void BodyReader::finish() {
  for (const auto& member : value_.members())
    if (!asked_.contains(member.name)) fault(member.name, "is not known here");
}

}  // namespace kaogong::json
