#include "gateway/api/exports/link.h"

#include <charconv>
#include <vector>

namespace kaogong::api {

namespace {

constexpr std::string_view kContext = "export link";

std::optional<int64_t> number(std::string_view text) {
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

std::string seal_link(const PageTokens& tokens, const Link& link) {
  return tokens.seal(kContext, link.tenant + "\n" + std::to_string(number_of(link.run)) + "\n" +
                                   std::string(to_text(link.format)) + "\n" + (link.with_pay ? "1" : "0") + "\n" +
                                   std::to_string(link.expires_at.time_since_epoch().count()) + "\n" + link.made_by);
}

std::optional<Link> open_link(const PageTokens& tokens, std::string_view token) {
  const auto text = tokens.open(kContext, token);
  if (!text) return std::nullopt;
  const auto parts = runs::split_lines(*text);
  if (parts.size() != 6) return std::nullopt;
  const auto run = number(parts[1]), expires = number(parts[4]);
  const auto format = parse_file_format(parts[2]);
  if (!run || !expires || !format) return std::nullopt;
  return Link{parts[0],        runs::RunId{*run}, *format,
              parts[3] == "1", parts[5],          clock::Instant{std::chrono::microseconds{*expires}}};
}

}  // namespace kaogong::api
