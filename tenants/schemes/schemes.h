// The tenant's schemes: drafts, and published versions that stay what they are.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/scheme/diff.h"
#include "infra/clock/clock.h"
#include "infra/crypto/hash.h"
#include "tenants/registry/tenant_database.h"
#include "tenants/schemes/checked_scheme.h"

namespace kaogong::tenants {

enum class SchemeState : uint8_t { kDraft, kPublished, kRetired };
std::string_view to_text(SchemeState state);

/// An output that is posted to a ledger when a run is published.
struct LedgerRule {
  std::string output;       // an output of the scheme that is a number
  std::string ledger;       // "retained_commission"
  std::string kind;         // "retain", "release": what the posting is called
  bool takes_away = false;  // the amount is subtracted
  friend bool operator==(const LedgerRule&, const LedgerRule&) = default;
};

/// Who did it and when; no name: not done.
struct Step {
  std::string actor;
  clock::Instant at;
};

/// A version without its document.
struct SchemeVersion {
  std::string scheme_id;
  int32_t version = 0;  // 0: the draft
  SchemeState state = SchemeState::kDraft;
  crypto::Digest hash{};  // SHA-256 of the document's bytes
  std::vector<LedgerRule> ledgers;
  std::string note;
  Step created, published, retired;
};

/// With it.
struct SchemeDocument {
  SchemeVersion version;
  std::string text;
};

inline constexpr size_t kSchemeIdBytesMax = 100;
inline constexpr size_t kNoteBytesMax = 4'000;
inline constexpr size_t kLedgerRulesMax = 100;

/// Stores a draft in the place of an older one. It may have errors: they keep it from being published. Failures:
/// kInvalid: no id, a document that names itself otherwise, one above scheme::kDocumentBytesMax or not in UTF-8.
Result<SchemeVersion> put_draft(TenantTransaction& transaction, std::string_view scheme_id, std::string_view text,
                                std::string_view note = {});
/// Failures: kNotFound.
Result<Done> drop_draft(TenantTransaction& transaction, std::string_view scheme_id);

/// What publishing found.
struct Publication {
  std::optional<SchemeVersion> version;  // nothing: there are errors, and nothing was published
  CheckedScheme checked;
};
/// Makes the draft the next version, if it has no errors. A draft equal to the newest published version (document and
/// ledger rules) gives that one. Failures: kNotFound (no draft), kInvalid (a ledger rule names no output that is a
/// number, or there are too many).
Result<Publication> publish(TenantTransaction& transaction, std::string_view scheme_id,
                            const std::vector<LedgerRule>& ledgers = {});
/// put_draft() and publish() of a document that names its own id.
Result<Publication> publish_document(TenantTransaction& transaction, std::string_view text, std::string_view note = {},
                                     const std::vector<LedgerRule>& ledgers = {});
/// The same for a scheme that comes with the program. Failures: kNotFound.
Result<Publication> install_template(TenantTransaction& transaction, std::string_view template_id);

/// A version: 0 the draft; nothing: the newest published one that is not retired. Failures: kNotFound.
Result<SchemeDocument> find_scheme(TenantTransaction& transaction, std::string_view scheme_id,
                                   std::optional<int32_t> version = std::nullopt);
/// All versions of a scheme, the draft first. `scheme_id` empty: of all schemes, by id.
std::vector<SchemeVersion> list_versions(TenantTransaction& transaction, std::string_view scheme_id = {});
/// Takes a published version out of use; runs that used it keep it. Again: nothing changes. Failures: kNotFound,
/// kConflict (a draft).
Result<SchemeVersion> retire(TenantTransaction& transaction, std::string_view scheme_id, int32_t version);
/// What changed between two versions, in the scheme's own terms. Failures: kNotFound, kConflict (a draft with errors).
Result<std::vector<scheme::Change>> diff_versions(TenantTransaction& transaction, std::string_view scheme_id,
                                                  int32_t before, int32_t after);

}  // namespace kaogong::tenants
