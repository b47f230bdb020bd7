// What a migration is, before any database is asked.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "infra/postgres/names.h"

namespace kaogong::migrate {

/// One step of a schema's definition. Once it has been applied anywhere, neither its SQL nor its place may change.
struct Migration {
  int64_t id = 0;    // 1, 2, 3, … in order
  std::string name;  // "people and departments": for people
  /// Statements, in which {schema} and {role} stand for the quoted names of the target's. Everything else in braces of
  /// lower-case letters is refused; names in it have their schema; it neither begins nor ends a transaction.
  std::string sql;
};

/// A list of migrations that is known to be in order.
class Migrations {
 public:
  /// Throws std::invalid_argument if ids are not 1, 2, 3, …, a name or SQL is empty, or SQL has an unknown placeholder.
  explicit Migrations(std::vector<Migration> migrations);

  struct Step {
    Migration migration;
    std::string checksum;  // SHA-256 of the SQL as it was given, in hexadecimal digits
  };
  const std::vector<Step>& steps() const { return steps_; }
  /// The id of the last one; 0 if there is none.
  int64_t newest() const { return static_cast<int64_t>(steps_.size()); }

 private:
  std::vector<Step> steps_;
};

/// The SQL with its placeholders replaced by quoted names.
std::string fill_in(std::string_view sql, const postgres::SchemaName& schema, const postgres::Role& role);

}  // namespace kaogong::migrate
