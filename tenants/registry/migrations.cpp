#include "tenants/registry/migrations.h"

#include <string_view>

#include "tenants/registry/embedded_sql.h"

namespace kaogong::tenants {

namespace {

constexpr std::string_view kControl = "registry/control";

void replace_all(std::string* text, std::string_view from, std::string_view to) {
  for (size_t at = text->find(from); at != std::string::npos; at = text->find(from, at + to.size()))
    text->replace(at, from.size(), to);
}

}  // namespace

std::string control_sql() {
  std::string sql;
  for (const auto& text : embedded::sql_texts()) {
    if (text.name == kControl) sql += text.sql;
  }
  return sql;
}

std::string tenant_sql(const Tenant& tenant) {
  std::string sql;
  for (const auto& text : embedded::sql_texts()) {
    if (text.name != kControl) sql += text.sql;
  }
  replace_all(&sql, "{schema}", tenant.schema().quoted());
  replace_all(&sql, "{role}", tenant.role().quoted());
  return sql;
}

void provision(postgres::Transaction& sql, const Tenant& tenant) {
  const auto schema = tenant.schema().quoted(), role = tenant.role().quoted();
  sql.execute_script("CREATE ROLE " + role + " NOLOGIN; CREATE SCHEMA " + schema + "; GRANT USAGE ON SCHEMA " + schema +
                     " TO " + role + "; GRANT " + role + " TO kaogong_app;\n" + tenant_sql(tenant));
}

void unprovision(postgres::Transaction& sql, const Tenant& tenant) {
  sql.execute_script("DROP SCHEMA IF EXISTS " + tenant.schema().quoted() + " CASCADE; DROP ROLE IF EXISTS " +
                     tenant.role().quoted());
}

}  // namespace kaogong::tenants
