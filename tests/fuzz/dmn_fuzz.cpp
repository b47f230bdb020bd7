// Fuzz target: any bytes as a DMN model; every decision of one that loads is evaluated, within small limits.
#include <cstdint>
#include <string_view>

#include "engine/dmn/model.h"
#include "engine/dmn/run.h"

using namespace kaogong;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  static_cast<void>(dmn::namespace_of(bytes));
  const auto loaded = dmn::load(bytes);
  const auto* definitions = std::get_if<std::shared_ptr<const dmn::Definitions>>(&loaded);
  if (definitions == nullptr) return 0;
  feel::Options options;
  options.limits.steps_max = 20'000;
  options.limits.list_max = 10'000;
  options.limits.string_bytes_max = size_t{1} << 20;
  dmn::Run run(*definitions, options);
  for (const auto& element : (*definitions)->root().elements) {
    if (element->kind == dmn::ElementKind::kInputData) {
      run.set_input(element->name, number::Number(7));
    } else if (element->kind == dmn::ElementKind::kDecision) {
      static_cast<void>(run.decision(element->name));
    } else {
      static_cast<void>(run.invoke(element->name, {}));
    }
  }
  return 0;
}
