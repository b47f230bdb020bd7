// Names that become part of SQL: checked once, quoted always.
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace kaogong::postgres {

/// The identifier in double quotes, with quotes inside doubled. Throws Error kInvalidData if it is empty, has a NUL, or
/// has more than kIdentifierBytesMax bytes (PostgreSQL would cut it off silently).
std::string quote_identifier(std::string_view name);

/// Whether a name is lower-case letters, digits and underscores, begins with none of the digits, fits into an
/// identifier, and is none of PostgreSQL's own (pg_…, information_schema, public, none).
bool is_plain_name(std::string_view name);

/// The name of a schema; a plain name, so that no two differ by quoting or case only.
class SchemaName {
 public:
  /// Nothing if the name is not plain.
  static std::optional<SchemaName> parse(std::string_view name);
  /// Throws Error kInvalidData if the name is not plain: for names of our own making.
  explicit SchemaName(std::string_view name);

  const std::string& text() const { return text_; }
  /// As it stands in SQL: `"tenant_7"`.
  std::string quoted() const { return quote_identifier(text_); }
  /// A relation of it as it stands in SQL: `"tenant_7"."person"`.
  std::string quoted(std::string_view relation) const { return quoted() + "." + quote_identifier(relation); }
  auto operator<=>(const SchemaName&) const = default;

 private:
  std::string text_;
};

/// The name of a database role that a transaction runs as.
class Role {
 public:
  /// Nothing if the name is not plain.
  static std::optional<Role> parse(std::string_view name);
  /// Throws Error kInvalidData if the name is not plain.
  explicit Role(std::string_view name);

  const std::string& text() const { return text_; }
  std::string quoted() const { return quote_identifier(text_); }
  auto operator<=>(const Role&) const = default;

 private:
  std::string text_;
};

}  // namespace kaogong::postgres
