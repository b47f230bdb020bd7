#include "gateway/api/calendar/routes.h"
#include "tests/gateway/api/fixture/api_fixture.h"

namespace kaogong::api::test {
namespace {

using tenants::AccessRole;

class CalendarApi : public GatedApiTest {
 protected:
  CalendarApi() { add_calendar_routes(api.routes); }
  tenants::Tenant tenant = make_tenant();
  std::string hr = key_of(tenant, AccessRole::kHr), employee = key_of(tenant, AccessRole::kEmployee);
};

TEST_F(CalendarApi, HolidaysMoveWindows) {
  EXPECT_EQ(
      send("PUT", "/v1/calendar/days",
           {.key = hr,
            .body =
                R"({"days":[{"day":"2026-11-05","kind":"holiday","name":"x"},{"day":"2026-11-07","kind":"working"}]})"})
          .status,
      200);
  EXPECT_EQ(at(send("GET", "/v1/calendar/days?from=2026-11-01&to=2026-11-30", {.key = employee}), "/items"), "2");
  EXPECT_EQ(at(send("GET", "/v1/calendar/working-day?from=2026-11-04&days=2", {.key = employee}), "/day"),
            "2026-11-07");
  const auto opened =
      send("POST", "/v1/periods", {.key = hr, .body = R"({"period":"2026-10","window":{"from_day":5,"to_day":10}})"});
  ASSERT_EQ(opened.status, 201) << opened.body;
  EXPECT_EQ(at(opened, "/opens_on"), "2026-11-06");
  EXPECT_EQ(field_of(opened, "Location"), "/v1/periods/2026-10");
  EXPECT_EQ(send("DELETE", "/v1/calendar/days/2026-11-05", {.key = hr}).status, 204);
  EXPECT_EQ(send("DELETE", "/v1/calendar/days/2026-11-05", {.key = hr}).status, 404);
  EXPECT_EQ(send("DELETE", "/v1/calendar/days/today", {.key = hr}).status, 404);
  EXPECT_EQ(send("PUT", "/v1/calendar/days", {.key = employee, .body = "{}"}).status, 403);
}

TEST_F(CalendarApi, APeriodGoesOnFromWhatWasSeen) {
  ASSERT_EQ(send("POST", "/v1/periods", {.key = hr, .body = R"({"period":"2026-10"})"}).status, 201);
  EXPECT_EQ(send("POST", "/v1/periods", {.key = hr, .body = R"({"period":"2026-10"})"}).status, 409);
  const auto seen = send("GET", "/v1/periods/2026-10", {.key = employee});
  const auto tag = field_of(seen, "ETag");
  const std::string freeze = R"({"state":"frozen"})";
  EXPECT_EQ(send("PUT", "/v1/periods/2026-10/state", {.key = hr, .body = freeze}).status, 428);
  const auto frozen =
      send("PUT", "/v1/periods/2026-10/state", {.key = hr, .body = freeze, .fields = {{"if-match", tag}}});
  EXPECT_EQ(at(frozen, "/state"), "frozen") << frozen.body;
  EXPECT_EQ(send("PUT", "/v1/periods/2026-10/state",
                 {.key = hr, .body = R"({"state":"open"})", .fields = {{"if-match", tag}}})
                .status,
            412);
  EXPECT_EQ(send("PUT", "/v1/periods/2026-10/state",
                 {.key = hr, .body = R"({"state":"open"})", .fields = {{"if-match", field_of(frozen, "ETag")}}})
                .status,
            422);
  EXPECT_EQ(at(send("GET", "/v1/periods", {.key = employee}), "/items/0/state"), "frozen");
  EXPECT_EQ(send("GET", "/v1/periods/2026-13", {.key = hr}).status, 404);
  EXPECT_EQ(send("GET", "/v1/periods/2026-12", {.key = hr}).status, 404);
}

}  // namespace
}  // namespace kaogong::api::test
