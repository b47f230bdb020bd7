// A database with a login role that owns nothing, and two roles with a schema each: what every tenant's code stands on.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "infra/postgres/pool.h"
#include "infra/postgres/transaction.h"
#include "tests/infra/cluster/program_servers.h"

namespace kaogong::postgres {

class TwoTenants {
 public:
  /// Each schema has a table `item (id bigint primary key, name text, amount bigint)` with one row (1, <schema>, 100).
  TwoTenants()
      : login_(database.make_role("app", "login noinherit")),
        a(database.make_role("a")),
        b(database.make_role("b")),
        schema_a(a.text()),
        schema_b(b.text()) {
    Pool owner({.conninfo = database.conninfo()});
    auto transaction = Transaction::as_login_role(owner);
    for (const std::string& name : {a.text(), b.text()}) {
      transaction.execute_script("grant " + name + " to " + login_ + "; create schema " + name + " authorization " +
                                 name + "; set local role " + name + "; create table " + name +
                                 ".item (id bigint primary key, name text, amount bigint); insert into " + name +
                                 ".item values (1, '" + name + "', 100); reset role");
    }
    if (!transaction.commit().committed()) throw std::runtime_error("the two tenants were not made");
  }

  /// Of the login role.
  PoolOptions pool_options() const { return {.conninfo = database.conninfo(login_), .connections_max = 1}; }
  std::string item_a() const { return schema_a.quoted("item"); }
  std::string item_b() const { return schema_b.quoted("item"); }

  test::FreshDatabase database;

 private:
  std::string login_;

 public:
  Role a, b;
  SchemaName schema_a, schema_b;
};

/// The code of the Error that a call throws; kOther and a message if it throws none.
template <typename Call>
ErrorCode code_of(Call call) {
  try {
    call();
  } catch (const Error& error) {
    return error.code();
  }
  ADD_FAILURE() << "no Error";
  return ErrorCode::kOther;
}

}  // namespace kaogong::postgres
