// Routes that take streams, with what their examples need.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tests/gateway/api/table/samples.h"
#include "tests/gateway/api/table/served.h"

namespace kaogong::api::test {

inline constexpr std::string_view kNdjson = "application/x-ndjson", kCsv = "text/csv";

std::vector<std::string> lines_of(const std::string& text);

struct Table {
  std::string header, first, second;  // without line ends
};
/// The first two lines of a sample as CSV.
Table csv_of(const std::vector<std::string>& lines);

/// Numbers of lines.
using Lines = std::set<std::string>;

class StreamedTest : public ServedApiTest {
 protected:
  StreamedTest();

  http::Response put(const Sample& sample, std::string body, std::string_view type, std::vector<http::Field> more = {});
  /// The lines that an answer refuses. Fails the test if it is neither a summary nor a problem, or names no fault.
  static Lines refused(const http::Response& answered, const std::string& what);
  /// Fails the test if it is no problem of the caller's.
  static void expect_problem(const http::Response& answered, const std::string& what);
  std::string count(const std::string& table);

  tenants::Tenant tenant = make_tenant();
  std::string admin = key_of(tenant, tenants::AccessRole::kTenantAdmin);
  std::vector<Sample> streamed;
};

}  // namespace kaogong::api::test
