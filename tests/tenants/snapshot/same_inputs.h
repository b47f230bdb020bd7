// What differs between the inputs that a reader made and those that came out of a snapshot.
#pragma once

#include <string>

#include "tenants/folder/read_folder.h"
#include "tenants/snapshot/snapshot.h"

namespace kaogong::snapshot {

/// The first difference, in words; empty: none. Strings are compared by their text: codes go by first use in a
/// snapshot. A period of history in which everything is null is the same as one with nothing recorded.
std::string difference(const folder::FolderInputs& a, const folder::FolderInputs& b);

/// A packed snapshot in memory.
struct InMemory {
  std::string head;
  std::vector<std::string> chunks;
  std::vector<ChunkFacts> facts;
};
InMemory pack_in_memory(const folder::FolderInputs& folder, const scheme::Document& document,
                        Compression compression = Compression::kNone);
std::optional<folder::FolderInputs> unpack_in_memory(const InMemory& packed, const scheme::Document& document,
                                                     std::string* error);

}  // namespace kaogong::snapshot
