#include "tenants/schemes/schemes.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "engine/scheme/load.h"
#include "infra/crypto/encode.h"
#include "tenants/audit/json_object.h"
#include "tenants/packs/packs.h"
#include "tenants/templates/templates.h"

namespace kaogong::tenants {

namespace {

constexpr std::array<std::string_view, 3> kStates = {"draft", "published", "retired"};

// The ledger rules come as the texts output, ledger, kind, takes_away, output …
constexpr std::string_view kColumns =
    "scheme_id, version, state, hash, "
    "(SELECT coalesce(array_agg(t ORDER BY n, o), '{}') FROM jsonb_array_elements(ledgers) WITH ORDINALITY AS l (r, "
    "n), "
    "unnest(ARRAY[r->>'output', r->>'ledger', r->>'kind', r->>'takes_away']) WITH ORDINALITY AS x (t, o)), "
    "note, created_by, created_at, published_by, published_at, retired_by, retired_at";
constexpr size_t kDocument = 12;

Step step(const postgres::Row& row, size_t at) {
  Step done;
  done.actor = row.optional_text(at).value_or("");
  if (const auto us = row.optional_timestamp_us(at + 1)) done.at = clock::Instant{std::chrono::microseconds{*us}};
  return done;
}

SchemeVersion read(const postgres::Row& row) {
  SchemeVersion version;
  version.scheme_id = row.text(0);
  version.version = static_cast<int32_t>(row.int64(1));
  version.state = static_cast<SchemeState>(std::find(kStates.begin(), kStates.end(), row.text(2)) - kStates.begin());
  const auto hash = row.bytes(3);
  std::transform(hash.begin(), hash.begin() + static_cast<ptrdiff_t>(std::min(hash.size(), version.hash.size())),
                 version.hash.begin(), [](std::byte b) { return std::to_integer<uint8_t>(b); });
  const auto rules = row.text_array(4);
  for (size_t i = 0; i + 3 < rules.size(); i += 4) {
    version.ledgers.push_back(
        {std::string(rules[i]), std::string(rules[i + 1]), std::string(rules[i + 2]), rules[i + 3] == "true"});
  }
  version.note = row.text(5);
  version.created = step(row, 6);
  version.published = step(row, 8);
  version.retired = step(row, 10);
  return version;
}

std::string ledgers_json(const std::vector<LedgerRule>& ledgers) {
  std::string json = "[";
  for (const auto& rule : ledgers) {
    if (json.size() > 1) json += ',';
    json += audit::json_object(
        {{"output", rule.output}, {"ledger", rule.ledger}, {"kind", rule.kind}, {"takes_away", rule.takes_away}});
  }
  return json + "]";
}

std::span<const std::byte> bytes_of(const crypto::Digest& hash) { return std::as_bytes(std::span(hash)); }

std::string select(TenantTransaction& transaction, std::string_view where) {
  return "SELECT " + std::string(kColumns) + ", document FROM " + transaction.table("scheme_versions") +
         std::string(where);
}

std::optional<Failure> fault_of(const std::vector<LedgerRule>& ledgers, const scheme::Document& document) {
  if (ledgers.size() > kLedgerRulesMax)
    return invalid("there are more than " + std::to_string(kLedgerRulesMax) + " ledger rules");
  for (const auto& rule : ledgers) {
    if (rule.ledger.empty() || rule.kind.empty()) return invalid("a ledger rule names a ledger and a kind");
    const auto decision = std::find_if(document.decisions.begin(), document.decisions.end(),
                                       [&](const scheme::Decision& d) { return d.name == rule.output; });
    const bool is_output =
        std::find(document.outputs.begin(), document.outputs.end(), rule.output) != document.outputs.end();
    if (!is_output || decision == document.decisions.end() || !scheme::is_decimal(decision->type.name))
      return invalid("ledger " + rule.ledger + ": '" + rule.output + "' is no output of the scheme that is a decimal");
  }
  return std::nullopt;
}

}  // namespace

std::string_view to_text(SchemeState state) { return kStates[static_cast<size_t>(state)]; }

Result<SchemeVersion> put_draft(TenantTransaction& transaction, std::string_view scheme_id, std::string_view text,
                                std::string_view note) {
  if (scheme_id.empty() || scheme_id.size() > kSchemeIdBytesMax)
    return invalid("a scheme has an id of 1 to " + std::to_string(kSchemeIdBytesMax) + " bytes");
  if (text.size() > scheme::kDocumentBytesMax) return invalid("the document is too long");
  if (note.size() > kNoteBytesMax) return invalid("the note is too long");
  const auto checked = check_scheme(text);
  if (checked.document && checked.document->id != scheme_id)
    return invalid("the document's id is '" + checked.document->id + "', not '" + std::string(scheme_id) + "'");
  const auto hash = crypto::sha256(text);
  transaction.sql().execute(
      "INSERT INTO " + transaction.table("scheme_versions") +
          " (scheme_id, version, state, hash, document, findings, ledgers, note, created_by, created_at) "
          "VALUES ($1, 0, 'draft', $2, $3, $4, '[]', $5, $6, $7) ON CONFLICT (scheme_id, version) DO UPDATE SET "
          "hash = EXCLUDED.hash, document = EXCLUDED.document, findings = EXCLUDED.findings, note = EXCLUDED.note, "
          "created_by = EXCLUDED.created_by, created_at = EXCLUDED.created_at",
      {scheme_id, bytes_of(hash), text, findings_json(checked.findings), note, transaction.actor().name,
       transaction.now_text()});
  transaction.audit("scheme.draft", scheme_id, audit::json_object({{"hash", crypto::to_hex(crypto::view(hash))}}));
  return SchemeVersion{std::string(scheme_id),
                       0,
                       SchemeState::kDraft,
                       hash,
                       {},
                       std::string(note),
                       {transaction.actor().name, transaction.now()},
                       {},
                       {}};
}

Result<Done> drop_draft(TenantTransaction& transaction, std::string_view scheme_id) {
  const auto dropped = transaction.sql().execute(
      "DELETE FROM " + transaction.table("scheme_versions") + " WHERE scheme_id = $1 AND version = 0", {scheme_id});
  if (dropped == 0) return not_found("scheme " + std::string(scheme_id) + " has no draft");
  transaction.audit("scheme.drop", scheme_id);
  return Done{};
}

Result<Publication> publish(TenantTransaction& transaction, std::string_view scheme_id,
                            const std::vector<LedgerRule>& ledgers) {
  // The draft's lock lets one publish after the other.
  const auto found =
      transaction.sql().query(select(transaction, " WHERE scheme_id = $1 AND version = 0 FOR UPDATE"), {scheme_id});
  const auto draft_row = found.at_most_one();
  if (!draft_row) return not_found("scheme " + std::string(scheme_id) + " has no draft");
  auto draft = read(*draft_row);
  Publication publication{std::nullopt, check_scheme(draft_row->text(kDocument))};
  if (!publication.checked.compiles) return publication;
  if (auto fault = fault_of(ledgers, *publication.checked.document)) return *std::move(fault);
  const auto published = list_versions(transaction, scheme_id);
  int32_t newest = 0;
  std::optional<SchemeVersion> same;
  for (const auto& version : published) {
    if (version.version <= newest) continue;
    newest = version.version;
    same = version.state == SchemeState::kPublished && version.hash == draft.hash && version.ledgers == ledgers
               ? std::optional(version)
               : std::nullopt;
  }
  if (same) {
    transaction.sql().execute(
        "DELETE FROM " + transaction.table("scheme_versions") + " WHERE scheme_id = $1 AND version = 0", {scheme_id});
    publication.version = *std::move(same);
    return publication;
  }
  draft.version = newest + 1;
  draft.state = SchemeState::kPublished;
  draft.ledgers = ledgers;
  draft.published = {transaction.actor().name, transaction.now()};
  transaction.sql().execute(
      "UPDATE " + transaction.table("scheme_versions") +
          " SET version = $2, state = 'published', findings = $3, ledgers = $4, published_by = $5, "
          "published_at = $6 WHERE scheme_id = $1 AND version = 0",
      {scheme_id, draft.version, findings_json(publication.checked.findings), ledgers_json(ledgers),
       transaction.actor().name, transaction.now_text()});
  transaction.audit(
      "scheme.publish", scheme_id,
      audit::json_object({{"version", int64_t{draft.version}}, {"hash", crypto::to_hex(crypto::view(draft.hash))}}));
  publication.version = std::move(draft);
  return publication;
}

Result<Publication> publish_document(TenantTransaction& transaction, std::string_view text, std::string_view note,
                                     const std::vector<LedgerRule>& ledgers) {
  if (text.size() > scheme::kDocumentBytesMax) return invalid("the document is too long");
  auto checked = check_scheme(text);
  if (!checked.compiles) return Publication{std::nullopt, std::move(checked)};
  const std::string id = checked.document->id;
  if (const auto draft = put_draft(transaction, id, text, note); !draft) return draft.failure();
  return publish(transaction, id, ledgers);
}

Result<Publication> install_template(TenantTransaction& transaction, std::string_view template_id) {
  const auto* found = templates::find(template_id);
  if (found == nullptr) return not_found("there is no template " + std::string(template_id));
  return publish_document(transaction, found->yaml, "template " + std::string(template_id));
}

Result<SchemeDocument> find_scheme(TenantTransaction& transaction, std::string_view scheme_id,
                                   std::optional<int32_t> version) {
  const auto found = transaction.sql().query(
      select(transaction,
             " WHERE scheme_id = $1 AND CASE WHEN $2::bigint IS NULL THEN state = 'published' ELSE version = $2 END "
             "ORDER BY version DESC LIMIT 1"),
      {scheme_id, version});
  const auto row = found.at_most_one();
  if (!row) {
    return not_found("there is no scheme " + std::string(scheme_id) +
                     (version ? " in version " + std::to_string(*version) : " that is published"));
  }
  return SchemeDocument{read(*row), std::string(row->text(kDocument))};
}

std::vector<SchemeVersion> list_versions(TenantTransaction& transaction, std::string_view scheme_id) {
  const auto found =
      transaction.sql().query("SELECT " + std::string(kColumns) + " FROM " + transaction.table("scheme_versions") +
                                  " WHERE $1 = '' OR scheme_id = $1 ORDER BY scheme_id, version",
                              {scheme_id});
  std::vector<SchemeVersion> versions;
  for (const auto row : found) versions.push_back(read(row));
  return versions;
}

Result<SchemeVersion> retire(TenantTransaction& transaction, std::string_view scheme_id, int32_t version) {
  const auto found = transaction.sql().query(select(transaction, " WHERE scheme_id = $1 AND version = $2 FOR UPDATE"),
                                             {scheme_id, version});
  const auto row = found.at_most_one();
  if (!row) return not_found("there is no scheme " + std::string(scheme_id) + " in version " + std::to_string(version));
  auto retired = read(*row);
  if (retired.state == SchemeState::kDraft) return conflict("a draft is dropped, not retired");
  if (retired.state == SchemeState::kRetired) return retired;
  transaction.sql().execute(
      "UPDATE " + transaction.table("scheme_versions") +
          " SET state = 'retired', retired_by = $3, retired_at = $4 WHERE scheme_id = $1 AND version = $2",
      {scheme_id, version, transaction.actor().name, transaction.now_text()});
  retired.state = SchemeState::kRetired;
  retired.retired = {transaction.actor().name, transaction.now()};
  transaction.audit("scheme.retire", scheme_id, audit::json_object({{"version", int64_t{version}}}));
  return retired;
}

Result<std::vector<scheme::Change>> diff_versions(TenantTransaction& transaction, std::string_view scheme_id,
                                                  int32_t before, int32_t after) {
  std::array<std::optional<scheme::Document>, 2> documents;
  const std::array<int32_t, 2> versions = {before, after};
  for (size_t i = 0; i < documents.size(); ++i) {
    const auto found = find_scheme(transaction, scheme_id, versions[i]);
    if (!found) return found.failure();
    documents[i] = scheme::load(found->text, packs::library()).document;
    if (!documents[i])
      return conflict("version " + std::to_string(versions[i]) + " has errors: there is nothing to compare");
  }
  return scheme::diff(*documents[0], *documents[1]);
}

}  // namespace kaogong::tenants
