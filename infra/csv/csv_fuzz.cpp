// Fuzz target: the fast reader, with either kernel and any block size, against the plain splitter.
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "infra/csv/collect.h"
#include "infra/csv/reference.h"

namespace csv = kaogong::csv;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 2 || size > 1 << 16) return 0;
  const size_t fields = 1 + data[0] % 4;
  csv::Limits limits;
  limits.block_bytes = 64 + data[1] * size_t{3};
  const std::string text(reinterpret_cast<const char*>(data) + 2, size - 2);
  if (text.starts_with("\xEF\xBB\xBF")) return 0;
  const auto expected = csv::reference::split(text, fields);
  for (const csv::Kernel* kernel : {&csv::kPortableKernel, &csv::best_kernel()}) {
    if (csv::collect(text, fields, limits, *kernel) != expected) {
      std::fprintf(stderr, "the %s kernel reads something else than the plain splitter\n", kernel->name);
      std::abort();
    }
  }
  return 0;
}
