// Fuzz target: any bytes as a pack; what loads is checked.
#include <cstdint>
#include <string_view>

#include "engine/plan/program.h"
#include "engine/scheme/load.h"

using namespace kaogong;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size > 1 << 15) return 0;
  auto loaded = scheme::load_pack(std::string_view(reinterpret_cast<const char*>(data), size));
  if (loaded.pack != nullptr) static_cast<void>(plan::check_pack(loaded.pack));
  return 0;
}
