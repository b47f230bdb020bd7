// The server's whole process, in this one, over the program's own PostgreSQL and Redis.
#pragma once

#include <memory>
#include <string>

#include "gateway/serve/host.h"
#include "tests/tenants/runs/run_fixture.h"

namespace kaogong::gateway::test {

/// A tenant whose results of 2026-01 are published, with inputs of 2026-02 to calculate and an open 2026-03 to write
/// to.
class HostTest : public runs::RunTest {
 protected:
  static constexpr int kPeople = 40;

  HostTest();

  /// A host that serves; `how` as given, but where its servers are.
  std::unique_ptr<Host> start(Settings how);
  /// Impatient, so that a fault is soon over; without a bound of calls.
  static Settings settings();
  /// "E000001".
  static std::string employee(int number);

  clock::SystemClock time;
  tenants::Tenant tenant;
  std::string key;  // of HR: may read and write everything here
  std::string run;  // whose results are published
};

}  // namespace kaogong::gateway::test
