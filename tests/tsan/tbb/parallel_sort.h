// Stands before TBB's own header in builds with ThreadSanitizer (see parallel_for.h): sorts on the calling thread.
#pragma once

#include <algorithm>

namespace tbb {

template <class Iterator, class... Compare>
void parallel_sort(Iterator begin, Iterator end, const Compare&... compare) {
  std::sort(begin, end, compare...);
}

}  // namespace tbb
