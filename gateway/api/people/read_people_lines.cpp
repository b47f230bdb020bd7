#include <algorithm>

#include "engine/scheme/near.h"
#include "gateway/api/body_lines.h"
#include "gateway/api/people/load_people.h"
#include "gateway/json/read.h"

namespace kaogong::api {

namespace {

using tenants::kPersonAttributes;
using tenants::PersonLine;

/// Why a line is refused.
struct LineFault {
  std::string column, value;
  scheme::Labels error;
};

/// Reads one line. Of its faults the first counts; reading goes on, so that it is known whose line it is.
class LineReader {
 public:
  /// The person's texts live as long as the document.
  void read(const json::Value& root) {
    if (!root.is(json::Kind::kObject)) {
      wrong({}, {}, {"不是JSON对象：每行须为一个对象", "this is not a JSON object: write one object a line"});
      return;
    }
    for (const auto [name, value] : root.members()) {
      if (name == "extra") {
        read_extra(value);
      } else if (!take(name, value)) {
        wrong(name, {}, {"没有这一项", "is no member of a person; " + scheme::suggest(name, known(), "")});
      }
    }
  }
  const PersonLine& person() const { return person_; }
  const std::optional<LineFault>& fault() const { return fault_; }

 private:
  static const std::vector<std::string_view>& known() {
    static const auto kKnown = [] {
      std::vector<std::string_view> names = {"employee", "name", "hired_on", "left_on"};
      names.insert(names.end(), kPersonAttributes.begin(), kPersonAttributes.end());
      names.emplace_back("extra");
      return names;
    }();
    return kKnown;
  }

  void wrong(std::string_view column, std::string_view value, scheme::Labels error) {
    if (!fault_) fault_ = {std::string(column), std::string(value), std::move(error)};
  }

  /// Nothing: null, or a fault.
  std::optional<std::string_view> text(std::string_view column, const json::Value& value) {
    if (value.is(json::Kind::kString)) return value.text();
    if (!value.is(json::Kind::kNull))
      wrong(column, value.is(json::Kind::kNumber) ? value.text() : std::string_view(),
            {"须为字符串，加引号", "a string is expected: put it in quotes"});
    return std::nullopt;
  }

  bool take(std::string_view name, const json::Value& value) {
    if (name == "employee") {
      person_.employee = text(name, value).value_or("");
    } else if (name == "name") {
      person_.name = text(name, value).value_or("");
    } else if (name == "hired_on") {
      person_.hired_on = text(name, value).value_or("");
    } else if (name == "left_on") {
      person_.left_on = text(name, value);
    } else {
      const auto found = std::find(kPersonAttributes.begin(), kPersonAttributes.end(), name);
      if (found == kPersonAttributes.end()) return false;
      person_.attributes[static_cast<size_t>(found - kPersonAttributes.begin())] = text(name, value);
    }
    return true;
  }

  void read_extra(const json::Value& value) {
    if (value.is(json::Kind::kNull)) return;
    if (!value.is(json::Kind::kObject) || value.size() > tenants::kExtraMax) {
      const auto most = std::to_string(tenants::kExtraMax);
      wrong("extra", {},
            {"须为对象，至多" + most + "项，值为字符串", "an object of at most " + most + " texts is expected"});
      return;
    }
    for (const auto [name, of] : value.members()) {
      if (of.is(json::Kind::kNull)) {
        wrong(name, {}, {"须为字符串，空字符串表示删除", "a string is expected: an empty one takes it away"});
      } else if (const auto said = text(name, of)) {
        person_.extra.emplace_back(name, *said);
      }
    }
  }

  PersonLine person_;
  std::optional<LineFault> fault_;
};

void take_line(const BodyLines::Line& line, tenants::PeopleUpload& upload) {
  if (line.too_long) {
    upload.refuse(line.number, {}, {}, {}, line_too_long_fault());
    return;
  }
  const auto read = json::read(line.text, {kLineBytesMax, kLineDepthMax});
  if (const auto* wrong = std::get_if<json::ReadFault>(&read)) {
    upload.refuse(line.number, {}, {}, {}, {"不是一个完整的JSON对象", "this is not one JSON object: " + wrong->detail});
    return;
  }
  LineReader reader;
  reader.read(std::get<json::Document>(read).root());
  if (const auto& fault = reader.fault()) {
    upload.refuse(line.number, reader.person().employee, fault->column, fault->value, fault->error);
  } else {
    upload.add(line.number, reader.person());
  }
}

}  // namespace

http::BodySource::State read_people_lines(http::BodySource& body, tenants::PeopleUpload& upload) {
  BodyLines lines(body);
  while (!upload.is_full()) {
    const auto line = lines.next();
    if (!line) break;
    take_line(*line, upload);
  }
  return lines.state();
}

}  // namespace kaogong::api
