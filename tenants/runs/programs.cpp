#include "tenants/runs/programs.h"

#include <algorithm>

#include "engine/scheme/load.h"
#include "infra/crypto/encode.h"
#include "infra/crypto/hash.h"
#include "tenants/packs/packs.h"
#include "tenants/schemes/schemes.h"

namespace kaogong::runs {

using tenants::Failure;
using tenants::FailureCode;
using tenants::Result;

Result<SchemeText> read_scheme(tenants::TenantTransaction& transaction, std::string_view scheme_id,
                               std::optional<int32_t> version) {
  auto found = tenants::find_scheme(transaction, scheme_id, version);
  if (!found) return found.failure();
  const crypto::Digest digest = crypto::sha256(found->text);
  if (found->version.hash != digest)
    return Failure{FailureCode::kInternal, "the document of scheme " + std::string(scheme_id) + " is damaged"};
  return SchemeText{found->version.version, crypto::to_hex(crypto::view(digest)), std::move(found->text)};
}

Result<std::shared_ptr<const plan::Program>> Programs::compile(const SchemeText& scheme) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto found =
        std::find_if(kept_.begin(), kept_.end(), [&](const Kept& kept) { return kept.hash == scheme.hash; });
    if (found != kept_.end()) {
      std::rotate(found, found + 1, kept_.end());
      return kept_.back().program;
    }
  }
  auto loaded = scheme::load(scheme.document, packs::library());
  std::vector<scheme::Finding> findings = std::move(loaded.findings);
  std::shared_ptr<const plan::Program> program;
  if (loaded.document) {
    plan::Compiled compiled = plan::compile(std::move(*loaded.document));
    program = std::move(compiled.program);
    findings = std::move(compiled.findings);
  }
  if (program == nullptr) {
    for (const auto& finding : findings)
      if (finding.severity == scheme::Severity::kError)
        return tenants::invalid("the scheme cannot run: line " + std::to_string(finding.at.line) + ": " +
                                finding.message);
    return tenants::invalid("the scheme cannot run");
  }
  const std::lock_guard<std::mutex> lock(mutex_);
  kept_.push_back({scheme.hash, program});
  if (kept_.size() > kept_max_) kept_.erase(kept_.begin());
  return program;
}

}  // namespace kaogong::runs
