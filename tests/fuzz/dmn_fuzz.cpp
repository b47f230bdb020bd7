// Fuzz target: any bytes as a DMN model.
#include <cstdint>
#include <string_view>

#include "engine/dmn/model.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size > 1 << 15) return 0;
  static_cast<void>(kaogong::dmn::load(std::string_view(reinterpret_cast<const char*>(data), size)));
  return 0;
}
