// Lists page by page: `page_size`, and `page_token`, which only we can make and nobody can read.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/api/body.h"
#include "gateway/json/writer.h"

namespace kaogong::api {

struct Call;

/// Seals places in lists. Every server of an installation has the same key.
class PageTokens {
 public:
  /// `key`: secret bytes, of any length above 16.
  explicit PageTokens(std::string_view key);

  /// A token that opens with the same `what` only.
  std::string seal(std::string_view what, std::string_view place) const;
  /// Nothing: it is not ours, or of another list.
  std::optional<std::string> open(std::string_view what, std::string_view token) const;

 private:
  const std::string key_;
};

inline constexpr int64_t kPageSize = 100;
inline constexpr int64_t kPageSizeMax = 1'000;
inline constexpr size_t kPageTokenBytesMax = 2'000;

/// The page that a query asks for.
struct Page {
  int64_t size = kPageSize;
  std::string after;  // the place behind which it begins; empty: from the start
};

/// Reads `page_size` and `page_token`. A token is good for the same route, tenant, path and other parameters only.
Page read_page(Query& query, const Call& call, int64_t size = kPageSize, int64_t size_max = kPageSizeMax);
/// Writes the member `next_page_token`: the place behind the last item, or null if this was the last page.
void write_next_page(json::Writer& writer, const Call& call, const std::optional<std::string>& place);

}  // namespace kaogong::api
