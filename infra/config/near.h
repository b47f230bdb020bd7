// The key that was probably meant.
#pragma once

#include <string_view>
#include <vector>

namespace kaogong::config {

/// The name with the fewest letters to insert, delete or replace, if they are at most a third of the text's; else
/// empty. Texts longer than 100 bytes have none.
std::string_view nearest(std::string_view text, const std::vector<std::string_view>& names);

}  // namespace kaogong::config
