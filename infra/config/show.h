// Keys and values as people read them.
#pragma once

#include <string>

#include "infra/config/registry.h"

namespace kaogong::config {

enum class Language : uint8_t { kEn, kZh };

/// A line a key: its name, its value (the mask for a secret that is set), where the value came from.
std::string values_as_text(const Registry& registry);

/// A Markdown table a section: key, default, what is allowed, what it means. Does not depend on values.
std::string reference_as_markdown(const Registry& registry, Language language);

}  // namespace kaogong::config
