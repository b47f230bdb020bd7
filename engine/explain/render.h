// An explanation as text for people and as JSON for programs.
#pragma once

#include <cstdint>
#include <string>

#include "engine/explain/explanation.h"

namespace kaogong::explain {

enum class Language : uint8_t { kZh, kEn };

struct TextOptions {
  Language language = Language::kZh;
  size_t rows_max = 20;  // rows of a list that are written out; the others are counted
};

/// A tree in box characters, UTF-8, a line feed behind every line. Lists of rows are tables; long ones are shortened.
std::string to_text(const Explanation& explanation, const TextOptions& options = {});

/// One JSON object, complete, with labels in both languages. Values of the calculation are strings, also numbers and
/// money (booleans and null are JSON's own); lines and counts are JSON numbers.
std::string to_json(const Explanation& explanation);

}  // namespace kaogong::explain
