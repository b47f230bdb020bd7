// What embed_sql.cmake makes of the rooms' SQL; only migrations.cpp reads it.
#pragma once

#include <span>
#include <string_view>

namespace kaogong::tenants::embedded {

struct SqlText {
  std::string_view name;  // "people/people"
  std::string_view sql;
};

std::span<const SqlText> sql_texts();

}  // namespace kaogong::tenants::embedded
