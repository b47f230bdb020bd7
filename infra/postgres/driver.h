// libpq's objects with owners. Internal to this room: the only header that names libpq.
#pragma once

#include <libpq-fe.h>

#include <memory>

#include "infra/postgres/rows.h"

namespace kaogong::postgres {

struct ResultDeleter {
  void operator()(PGresult* result) const { PQclear(result); }
};
using Result = std::unique_ptr<PGresult, ResultDeleter>;

struct ConnectionDeleter {
  void operator()(PGconn* connection) const { PQfinish(connection); }
};
using Handle = std::unique_ptr<PGconn, ConnectionDeleter>;

struct Rows::Driver {
  Result result;
};

}  // namespace kaogong::postgres
