#include "tenants/people/attribute_rows.h"

#include <chrono>

#include "tenants/audit/json_object.h"

namespace kaogong::tenants {

AttributeVersion read_attributes(const postgres::Row& row, size_t at) {
  AttributeVersion version;
  version.valid_from = static_cast<Day>(row.day(at));
  version.employed = row.boolean(at + 1);
  auto& attributes = version.attributes;
  size_t next = at + 2;
  for (auto* value :
       {&attributes.department, &attributes.position, &attributes.step, &attributes.pay_group, &attributes.manager})
    *value = row.optional_text(next++).value_or("");
  const auto extra = row.text_array(next);
  for (size_t i = 0; i + 1 < extra.size(); i += 2) attributes.extra.emplace(extra[i], extra[i + 1]);
  version.actor = row.text(next + 1);
  version.entered_at = clock::Instant{std::chrono::microseconds{row.timestamp_us(next + 2)}};
  return version;
}

std::string extra_json(const std::map<std::string, std::string>& extra) {
  std::string json = "{";
  for (const auto& [name, value] : extra) {
    if (json.size() > 1) json += ',';
    json += audit::json_string(name) + ":" + audit::json_string(value);
  }
  return json + "}";
}

}  // namespace kaogong::tenants
