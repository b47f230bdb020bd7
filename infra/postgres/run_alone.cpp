#include "infra/postgres/run_alone.h"

#include "infra/postgres/connection.h"

namespace kaogong::postgres {

void run_alone(const std::string& conninfo, const std::string& sql, int64_t timeout_ms) {
  const std::unique_ptr<Connection> connection = Connection::open(conninfo, timeout_ms);
  connection->set_answer_timeout_ms(timeout_ms);
  connection->script(sql);
}

}  // namespace kaogong::postgres
