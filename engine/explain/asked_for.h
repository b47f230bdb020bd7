// What somebody wants to have explained, by name or by label.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/scheme/document.h"

namespace kaogong::explain {

/// The decisions that are meant by names or by labels in either language; all outputs if `asked` is empty. Nothing: one
/// of them is no decision; `error` says so in English, with what is near to it.
std::optional<std::vector<std::string>> asked_for(const scheme::Document& document,
                                                  const std::vector<std::string>& asked, std::string* error);

}  // namespace kaogong::explain
