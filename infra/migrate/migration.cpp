#include "infra/migrate/migration.h"

#include <algorithm>
#include <functional>
#include <stdexcept>
#include <utility>

#include "infra/crypto/encode.h"
#include "infra/crypto/hash.h"

namespace kaogong::migrate {

namespace {

// Calls `on_text` for what is between placeholders and `on_name` for the names inside them.
void scan(std::string_view sql, const std::function<void(std::string_view)>& on_text,
          const std::function<void(std::string_view)>& on_name) {
  size_t from = 0;
  for (size_t open = sql.find('{'); open != std::string_view::npos; open = sql.find('{', open + 1)) {
    const size_t close = sql.find_first_not_of("abcdefghijklmnopqrstuvwxyz_", open + 1);
    if (close == std::string_view::npos || sql[close] != '}' || close == open + 1) continue;
    on_text(sql.substr(from, open - from));
    on_name(sql.substr(open + 1, close - open - 1));
    from = close + 1;
  }
  on_text(sql.substr(from));
}

}  // namespace

Migrations::Migrations(std::vector<Migration> migrations) {
  for (Migration& migration : migrations) {
    const std::string what = "migration " + std::to_string(migration.id);
    if (migration.id != newest() + 1)
      throw std::invalid_argument(what + " is not the next after " + std::to_string(newest()));
    if (migration.name.empty() || migration.sql.empty()) throw std::invalid_argument(what + " has no name or no SQL");
    if (migration.sql.find('\0') != std::string::npos) throw std::invalid_argument(what + " has a NUL");
    scan(
        migration.sql, [](std::string_view) {},
        [&](std::string_view name) {
          if (name != "schema" && name != "role") {
            throw std::invalid_argument(what + " has an unknown placeholder {" + std::string(name) + "}");
          }
        });
    std::string checksum = crypto::to_hex(crypto::view(crypto::sha256(migration.sql)));
    steps_.push_back({std::move(migration), std::move(checksum)});
  }
}

std::string fill_in(std::string_view sql, const postgres::SchemaName& schema, const postgres::Role& role) {
  std::string filled;
  scan(
      sql, [&](std::string_view text) { filled += text; },
      [&](std::string_view name) { filled += name == "schema" ? schema.quoted() : role.quoted(); });
  return filled;
}

}  // namespace kaogong::migrate
