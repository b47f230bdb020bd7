#include "tenants/runs/what_if.h"

#include "infra/crypto/encode.h"
#include "infra/crypto/hash.h"

namespace kaogong::runs {

using tenants::Result;

Result<Calculated> what_if(Builder& builder, const tenants::Tenant& tenant, const tenants::Actor& actor, const Run& run,
                           const WhatIf& change) {
  if (run.sources.size() != 1) return tenants::invalid("what-if looks at one period: name one of the months' runs");
  if (change.inputs.size() > kInputChangesMax) return tenants::invalid("too many changes of inputs");
  std::shared_ptr<const plan::Program> program;
  if (!change.document.empty()) {
    const SchemeText text{0, crypto::to_hex(crypto::view(crypto::sha256(change.document))), change.document};
    auto compiled = builder.programs().compile(text);
    if (!compiled) return compiled.failure();
    program = std::move(*compiled);
  }
  return builder.calculate_month(
      tenant, actor, run, run.sources.front(),
      {.carried = nullptr, .program = program, .inputs = change.inputs, .parameters = change.parameters});
}

}  // namespace kaogong::runs
