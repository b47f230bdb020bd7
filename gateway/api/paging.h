// Lists page by page: `page_size`, and `page_token`, which only we can make and nobody can read.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/api/answer.h"
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

/// 200 with `{"items":[…],"next_page_token":…}`. `found`: what was asked for behind `page.after`, at most one item more
/// than fit, which says that there is another page. `write(writer, item)`; `place(item)`: its place in the list.
template <typename Items, typename Write, typename Place>
http::Response answer_page(const Call& call, const Page& page, const Items& found, const Write& write,
                           const Place& place) {
  const auto size = static_cast<size_t>(page.size);
  json::Writer w;
  w.begin_object().name("items").begin_array();
  for (size_t i = 0; i < found.size() && i < size; ++i) write(w, found[i]);
  w.end_array();
  write_next_page(w, call, found.size() > size ? std::optional<std::string>(place(found[size - 1])) : std::nullopt);
  w.end_object();
  return answer(200, w);
}

}  // namespace kaogong::api
