// A text in memory as what records are read from.
#pragma once

#include <string>
#include <string_view>

#include "infra/csv/block_reader.h"

namespace kaogong::csv {

/// Gives the text, which outlives the source, piece by piece.
inline Source source_of(std::string_view text) {
  return [text](char* out, size_t bytes, std::string*) mutable {
    const size_t part = text.copy(out, bytes);
    text.remove_prefix(part);
    return part;
  };
}

}  // namespace kaogong::csv
