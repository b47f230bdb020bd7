// Compiled schemes, by the hash of their documents.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "engine/plan/program.h"
#include "tenants/registry/result.h"
#include "tenants/registry/tenant_database.h"
#include "tenants/runs/run_sources.h"

namespace kaogong::runs {

/// A version of a scheme as it stands in the database.
struct SchemeText {
  int32_t version = 0;
  std::string hash;  // SHA-256 of the document, hexadecimal
  std::string document;
};

/// The version of that number; without one the latest that is published and not retired. Failures: kNotFound (no such
/// version, or none is published), kInternal (the document is not the one that its hash names).
tenants::Result<SchemeText> read_scheme(tenants::TenantTransaction& transaction, std::string_view scheme_id,
                                        std::optional<int32_t> version);

/// Keeps the programs that were used last. What is kept is found by the document's hash, so that it can never be
/// another document's. Thread-safe.
class Programs {
 public:
  explicit Programs(size_t kept_max = 64) : kept_max_(kept_max) {}

  /// Compiles a document, or gives what was compiled from the same bytes. Failures: kInvalid with the first finding.
  tenants::Result<std::shared_ptr<const plan::Program>> compile(const SchemeText& scheme);

 private:
  struct Kept {
    std::string hash;
    std::shared_ptr<const plan::Program> program;
  };
  std::mutex mutex_;
  std::vector<Kept> kept_;  // used last: at the end
  size_t kept_max_;
};

}  // namespace kaogong::runs
