// Bringing schemas to the newest version: one, or thousands at once.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "infra/migrate/migration.h"
#include "infra/postgres/pool.h"
#include "infra/postgres/transaction.h"

namespace kaogong::migrate {

/// A schema, and the role that {role} stands for: who is to work in it, not who owns it.
struct Target {
  postgres::SchemaName schema;
  postgres::Role role;
};

struct Options {
  /// Who owns what migrations make; nothing: the login role.
  std::optional<postgres::Role> owner = std::nullopt;
  /// Creates the schema if it is not there; else that is a fault.
  bool create_schema = false;
  /// Of each statement; 0: none.
  int64_t statement_timeout_ms = 600'000;
  /// How long to wait for a table that others are using, before the schema is left for a later run; 0: for ever. Short,
  /// because everybody else waits behind the one who waits.
  int64_t lock_timeout_ms = 5'000;
};

/// What became of one schema.
struct Result {
  int64_t from = 0;        // the version found; 0: none
  int64_t to = 0;          // the version left behind; equal to `from` if nothing was to be done or it failed
  std::string fault = {};  // empty if it is at the newest version now

  bool good() const { return fault.empty(); }
};

/// How far migrate_all() is.
struct Progress {
  size_t total = 0, done = 0, migrated = 0, failed = 0;  // done counts those that needed nothing, too
};

/// Thread-safe; holds no state but its arguments. The versions of a schema are rows of the table `migration` in it, one
/// for each that was applied, with name, checksum and time.
///
/// A schema is brought up in one transaction, under an advisory lock of its name: killed at any moment, it is at the
/// old version or at the newest, and the next run goes on with the rest. Refused, without a change: a schema with a
/// migration that is not known here (made by a newer program), and one whose recorded checksum differs from ours.
class Migrator {
 public:
  /// `pool`: connections of a role that may do what the migrations do; it must outlive the migrator.
  Migrator(postgres::Pool& pool, Migrations migrations, Options options);

  /// Brings one schema to the newest version. Never throws: faults of the database are in the result.
  Result migrate(const Target& target) const;
  /// The same in the caller's transaction, which makes the schema or its role as well, or records that it is there.
  /// With a fault it can only be rolled back. Errors of the database outside of a migration's own SQL are thrown.
  Result migrate_in(postgres::Transaction* transaction, const Target& target) const;
  /// The version of a schema, without changing anything; fault as of migrate(), or that it is behind.
  Result check(const postgres::SchemaName& schema) const;
  /// Brings many to the newest version, `parallel` at a time (the pool needs as many connections). `on_progress` is
  /// called after each schema, by one thread at a time. Once `stop` is asked, no further schema is begun; the fault of
  /// those says so. Results are in the order of the targets.
  std::vector<Result> migrate_all(std::span<const Target> targets, int parallel,
                                  const std::function<void(const Progress&)>& on_progress = {},
                                  const std::stop_token& stop = {}) const;
  int64_t newest() const { return migrations_.newest(); }

 private:
  postgres::Transaction begin(bool read_only) const;
  int64_t verified_version(postgres::Transaction* transaction, const postgres::SchemaName& schema,
                           std::string* fault) const;

  postgres::Pool& pool_;
  const Migrations migrations_;
  const Options options_;
};

}  // namespace kaogong::migrate
