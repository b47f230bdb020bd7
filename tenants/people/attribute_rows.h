// Rows of person_attributes. Internal to this room.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "infra/postgres/rows.h"
#include "tenants/people/people.h"

namespace kaogong::tenants {

/// What read_attributes() reads: `extra` as the texts name, value, name, value …
inline constexpr std::string_view kAttributeColumns =
    "valid_from, employed, department, position, step, pay_group, manager, "
    "(SELECT coalesce(array_agg(t ORDER BY e.key, o), '{}') FROM jsonb_each_text(extra) e, "
    "unnest(ARRAY[e.key, e.value]) WITH ORDINALITY AS x (t, o)), actor, entered_at";

/// Reads a version from a row whose column `at` is the first of kAttributeColumns.
AttributeVersion read_attributes(const postgres::Row& row, size_t at);

/// The attributes of the tenant's own making as a JSON object.
std::string extra_json(const std::map<std::string, std::string>& extra);

}  // namespace kaogong::tenants
