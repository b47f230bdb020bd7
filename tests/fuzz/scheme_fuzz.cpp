// Fuzz target: any bytes as a scheme document; what loads is checked and compiled.
#include <cstdint>
#include <string_view>

#include "engine/plan/program.h"
#include "engine/scheme/load.h"

using namespace kaogong;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  auto loaded = scheme::load(std::string_view(reinterpret_cast<const char*>(data), size));
  if (loaded.document) static_cast<void>(plan::compile(std::move(*loaded.document)));
  return 0;
}
