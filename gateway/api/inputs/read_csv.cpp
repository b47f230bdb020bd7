#include <algorithm>

#include "gateway/api/body_lines.h"
#include "gateway/api/inputs/row_lines.h"
#include "gateway/json/writer.h"
#include "tenants/folder/reject.h"
#include "tenants/sheet/sheet_file.h"

namespace kaogong::api {

using http::BodySource;

RowsRead read_csv(BodySource& body, tenants::Upload& upload) {
  RowsRead read;
  const auto& sheet = upload.sheet();
  auto opened = tenants::SheetFile::read(csv_source(body, read.end), sheet.name);
  if (!opened) {
    read.failure = opened.failure();
    return read;
  }
  auto& file = **opened;
  std::vector<size_t> places;
  std::optional<size_t> employee;
  for (const auto& column : sheet.columns) {
    const auto place = file.require(column.name);
    if (!place) {
      read.failure = place.failure();
      return read;
    }
    places.push_back(*place);
    if (column.kind == folder::ColumnSpec::Kind::kEmployee) employee = *place;
  }
  for (size_t i = 0; i < file.columns().size(); ++i)
    if (std::find(places.begin(), places.end(), i) == places.end()) read.ignored.push_back(file.columns()[i]);
  std::vector<std::string> held(places.size());
  std::vector<std::string_view> values(places.size());
  while (!upload.has_too_many_faults() && file.next()) {
    if (file.is_faulty()) {
      std::string whose;
      if (employee && *employee < file.fields()) whose = file.value(*employee);
      if (!json::is_text(whose)) whose.clear();
      const auto fault = file.fault(whose);
      upload.refuse(file.line(), whose, {}, fault.value, fault.error);
      continue;
    }
    for (size_t i = 0; i < places.size(); ++i) {
      held[i] = file.value(places[i]);  // a value is valid only until the next is asked for
      values[i] = held[i];
    }
    upload.add(file.line(), values);
  }
  return read;
}

}  // namespace kaogong::api
