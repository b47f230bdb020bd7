#include "engine/feel/value.h"

#include <algorithm>

namespace kaogong::feel {

std::string_view to_string(ValueKind kind) {
  switch (kind) {
    case ValueKind::kNull:
      return "null";
    case ValueKind::kNumber:
      return "number";
    case ValueKind::kString:
      return "string";
    case ValueKind::kBoolean:
      return "boolean";
    case ValueKind::kDate:
      return "date";
    case ValueKind::kTime:
      return "time";
    case ValueKind::kDateTime:
      return "date and time";
    case ValueKind::kDaysTimeDuration:
      return "days and time duration";
    case ValueKind::kYearsMonthsDuration:
      return "years and months duration";
    case ValueKind::kList:
      return "list";
    case ValueKind::kContext:
      return "context";
    case ValueKind::kRange:
      return "range";
    case ValueKind::kFunction:
      return "function";
  }
  return "";
}

namespace {

/// Far above kValueWeightMax, far below where sums overflow.
constexpr uint64_t kWeightEnd = uint64_t{1} << 62;

uint64_t joined(uint64_t weight, uint64_t part) { return std::min(kWeightEnd, weight + part); }
uint64_t weight_of(size_t text_bytes) { return 1 + text_bytes / 16; }

}  // namespace

Value Value::list(std::vector<Value> items) {
  List list{std::move(items)};
  for (const Value& item : list.items) {
    list.depth = std::max(list.depth, item.depth() + 1);
    list.weight = joined(list.weight, item.weight());
  }
  return Value(Data(std::make_shared<const List>(std::move(list))));
}

Value Value::context(std::vector<std::pair<std::string, Value>> entries) {
  return Value(Data(std::make_shared<const Context>(std::move(entries))));
}

Value Value::range(Range range) { return Value(Data(std::make_shared<const Range>(std::move(range)))); }

Value Value::of(Temporal temporal) {
  return std::visit([](auto&& value) { return Value(std::move(value)); }, std::move(temporal));
}

const std::vector<Value>& Value::as_list() const { return (*std::get_if<std::shared_ptr<const List>>(&data_))->items; }

uint32_t Value::depth() const {
  switch (kind()) {
    case ValueKind::kList:
      return (*std::get_if<std::shared_ptr<const List>>(&data_))->depth;
    case ValueKind::kContext:
      return as_context().depth();
    case ValueKind::kRange:
      return 1 + (as_range().form == Range::Form::kInterval ? std::max(as_range().low.depth(), as_range().high.depth())
                                                            : as_range().low.depth());
    case ValueKind::kFunction:
      return as_function().depth();
    default:
      return 0;
  }
}

uint64_t Value::weight() const {
  switch (kind()) {
    case ValueKind::kString:
      return weight_of(as_string().size());
    case ValueKind::kList:
      return (*std::get_if<std::shared_ptr<const List>>(&data_))->weight;
    case ValueKind::kContext:
      return as_context().weight();
    case ValueKind::kRange:  // the bounds of an interval can be ordered: they hold nothing
      return joined(1, as_range().low.weight());
    default:
      return 1;
  }
}

Context::Context(std::vector<Entry> entries) {
  std::unordered_map<std::string, size_t> seen;
  entries_.reserve(entries.size());
  for (Entry& entry : entries) {
    depth_ = std::max(depth_, entry.second.depth() + 1);
    weight_ = joined(weight_, joined(weight_of(entry.first.size()), entry.second.weight()));
    Value* existing = nullptr;
    if (entries.size() <= kIndexFrom) {
      for (Entry& earlier : entries_) {
        if (earlier.first == entry.first) existing = &earlier.second;
      }
    } else {
      const auto [place, fresh] = seen.try_emplace(entry.first, entries_.size());
      if (!fresh) existing = &entries_[place->second].second;
    }
    if (existing != nullptr) {
      *existing = std::move(entry.second);
    } else {
      entries_.push_back(std::move(entry));
    }
  }
  if (entries_.size() > kIndexFrom) {
    for (size_t i = 0; i < entries_.size(); ++i) index_.emplace(entries_[i].first, i);
  }
}

const Value* Context::find(std::string_view key) const {
  if (!index_.empty()) {
    const auto found = index_.find(key);
    return found == index_.end() ? nullptr : &entries_[found->second].second;
  }
  for (const Entry& entry : entries_) {
    if (entry.first == key) return &entry.second;
  }
  return nullptr;
}

namespace {

void append(std::string& out, const Value& value, bool nested) {
  switch (value.kind()) {
    case ValueKind::kNull:
      out += "null";
      return;
    case ValueKind::kNumber:
      out += value.as_number().to_text();
      return;
    case ValueKind::kString:
      if (!nested) {
        out += value.as_string();
        return;
      }
      out += '"';
      for (const char c : value.as_string()) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
      }
      out += '"';
      return;
    case ValueKind::kBoolean:
      out += value.as_boolean() ? "true" : "false";
      return;
    case ValueKind::kDate:
      out += to_string(value.as_date());
      return;
    case ValueKind::kTime:
      out += to_string(value.as_time());
      return;
    case ValueKind::kDateTime:
      out += to_string(value.as_date_time());
      return;
    case ValueKind::kDaysTimeDuration:
      out += to_string(value.as_days_time());
      return;
    case ValueKind::kYearsMonthsDuration:
      out += to_string(value.as_years_months());
      return;
    case ValueKind::kList: {
      out += '[';
      bool first = true;
      for (const Value& item : value.as_list()) {
        if (!first) out += ", ";
        first = false;
        append(out, item, true);
      }
      out += ']';
      return;
    }
    case ValueKind::kContext: {
      out += '{';
      bool first = true;
      for (const auto& [key, item] : value.as_context().entries()) {
        if (!first) out += ", ";
        first = false;
        const bool plain = key.find_first_of("{}:,\"\\") == std::string::npos && !key.empty();
        append(out, Value::string(key), !plain);
        out += ": ";
        append(out, item, true);
      }
      out += '}';
      return;
    }
    case ValueKind::kRange: {
      const Range& range = value.as_range();
      if (range.form != Range::Form::kInterval) {
        out += range.form == Range::Form::kEqual ? "=" : "!=";
        append(out, range.low, true);
        return;
      }
      if (!range.has_low) {
        out += range.high_closed ? "<=" : "<";
        append(out, range.high, true);
        return;
      }
      if (!range.has_high) {
        out += range.low_closed ? ">=" : ">";
        append(out, range.low, true);
        return;
      }
      out += range.low_closed ? '[' : '(';
      append(out, range.low, true);
      out += "..";
      append(out, range.high, true);
      out += range.high_closed ? ']' : ')';
      return;
    }
    case ValueKind::kFunction:
      out += value.as_function().name();
      return;
  }
}

}  // namespace

std::string to_text(const Value& value) {
  std::string out;
  append(out, value, false);
  return out;
}

}  // namespace kaogong::feel
