#include "infra/postgres/names.h"

#include <algorithm>

#include "infra/postgres/error.h"
#include "infra/postgres/limits.h"

namespace kaogong::postgres {

namespace {

std::string plain(std::string_view name, std::string_view what) {
  if (!is_plain_name(name)) throw Error(ErrorCode::kInvalidData, std::string("not the name of a ").append(what));
  return std::string(name);
}

}  // namespace

std::string quote_identifier(std::string_view name) {
  if (name.empty() || name.size() > kIdentifierBytesMax || name.find('\0') != std::string_view::npos) {
    throw Error(ErrorCode::kInvalidData, "not an identifier: empty, too long, or with a NUL");
  }
  std::string quoted = "\"";
  for (const char c : name) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  quoted += '"';
  return quoted;
}

bool is_plain_name(std::string_view name) {
  if (name.empty() || name.size() > kIdentifierBytesMax) return false;
  const auto is_plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
  if (!std::all_of(name.begin(), name.end(), is_plain) || (name[0] >= '0' && name[0] <= '9')) return false;
  // SET ROLE "none" means no role at all, quoted or not.
  return !name.starts_with("pg_") && name != "information_schema" && name != "public" && name != "none";
}

std::optional<SchemaName> SchemaName::parse(std::string_view name) {
  if (!is_plain_name(name)) return std::nullopt;
  return SchemaName(name);
}

SchemaName::SchemaName(std::string_view name) : text_(plain(name, "schema")) {}

std::optional<Role> Role::parse(std::string_view name) {
  if (!is_plain_name(name)) return std::nullopt;
  return Role(name);
}

Role::Role(std::string_view name) : text_(plain(name, "role")) {}

}  // namespace kaogong::postgres
