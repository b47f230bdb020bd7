// How much of a thread's stack a recursion has taken: for those whose depth the data decides, not the code.
#pragma once

#include <cstddef>

namespace kaogong::feel {

/// Where the caller's frame lies. Not the address of a local variable: AddressSanitizer keeps those somewhere else.
[[gnu::always_inline]] inline const char* stack_here() { return static_cast<const char*>(__builtin_frame_address(0)); }

/// Bytes between two frames of one thread.
inline size_t stack_used(const char* base, const char* here) {
  return static_cast<size_t>(base > here ? base - here : here - base);
}

}  // namespace kaogong::feel
