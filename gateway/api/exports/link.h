// Links to exports that work for a while without a key.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gateway/api/exports/result_file.h"
#include "gateway/api/paging.h"
#include "infra/clock/clock.h"
#include "tenants/runs/run.h"

namespace kaogong::api {

/// What a link gives, and until when. Nobody can read or make one but the servers of the installation.
struct Link {
  std::string tenant;
  runs::RunId run{};
  FileFormat format = FileFormat::kCsv;
  bool with_pay = false;  // the one who made it may see pay
  std::string made_by;    // the id of his key
  clock::Instant expires_at;
};

std::string seal_link(const PageTokens& tokens, const Link& link);
/// Nothing: no link of ours. Whether it has expired is for the caller to see.
std::optional<Link> open_link(const PageTokens& tokens, std::string_view token);

}  // namespace kaogong::api
