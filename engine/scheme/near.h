// "Did you mean …": the nearest of some names.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace kaogong::scheme {

/// The candidate nearest to `text` by edit distance, if it is near enough (a third of the length, at most 3); else
/// empty. Texts longer than 64 bytes have none.
std::string nearest(std::string_view text, const std::vector<std::string_view>& candidates);

/// A remedy: `did you mean "x"?` or, with nothing near, the candidates (the first twelve) or `otherwise` with none.
std::string suggest(std::string_view text, const std::vector<std::string_view>& candidates, std::string_view otherwise);

}  // namespace kaogong::scheme
