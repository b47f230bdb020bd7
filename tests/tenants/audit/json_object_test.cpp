#include "tenants/audit/json_object.h"

#include <gtest/gtest.h>

namespace kaogong::tenants::audit {
namespace {

TEST(JsonObject, EscapesWhatMustBe) {
  EXPECT_EQ(json_object({}), "{}");
  EXPECT_EQ(json_object({{"a", std::string("x\"y\\z\n\x01")}, {"b", int64_t{-3}}, {"c", true}, {"d", false}}),
            "{\"a\":\"x\\\"y\\\\z\\u000a\\u0001\",\"b\":-3,\"c\":true,\"d\":false}");
  EXPECT_EQ(json_string("考功"), "\"考功\"");
}

}  // namespace
}  // namespace kaogong::tenants::audit
