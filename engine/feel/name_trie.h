// The names that may hold spaces or operators, as a trie of their parts.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/feel/scanner.h"

namespace kaogong::feel {

/// Names longer than this many parts are not recognised; it bounds the work of a look-up.
inline constexpr size_t kNamePartsMax = 64;

/// Recognises the longest known name at a position. Names of one part need not be here: any word is a name.
class NameTrie {
 public:
  NameTrie() : nodes_(1) {}

  /// Adds a name (once more). Names of a single part, or of too many, are passed over.
  void add(std::string_view name);
  /// Takes back one add().
  void remove(std::string_view name);

  struct Match {
    std::string_view name;  // as it was added; valid until the trie changes
    uint32_t end = 0;       // offset after the match; 0: nothing matched
    uint32_t parts = 0;
  };
  /// The longest name at the scanner's position, which stays.
  Match longest(Scanner scanner) const;

 private:
  struct Node {
    std::unordered_map<std::string, uint32_t> next;
    std::string name;
    uint32_t uses = 0;
  };
  static std::vector<std::string> split(std::string_view name);

  std::vector<Node> nodes_;
};

/// The built-in functions' and properties' names of more than one word ("date and time", "time offset").
const NameTrie& builtin_names();
/// The built-in types' names of more than one word.
const NameTrie& builtin_type_names();

}  // namespace kaogong::feel
