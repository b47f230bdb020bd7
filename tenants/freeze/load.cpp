// A stored snapshot into columns.
#include "tenants/freeze/stored_snapshot.h"
#include "tenants/snapshot/signature.h"

namespace kaogong::freeze {

tenants::Result<folder::FolderInputs> load(tenants::TenantTransaction& transaction, int64_t snapshot_id,
                                           const scheme::Document& document) {
  const auto stored = read_stored(transaction, snapshot_id);
  if (!stored) return tenants::not_found("there is no snapshot " + std::to_string(snapshot_id));
  if (stored->info.signature != snapshot::signature_of(document))
    return tenants::conflict("snapshot " + std::to_string(snapshot_id) +
                             " was made for a scheme with other inputs: freeze the period again for this one");
  // Places come from the database's own row: there is no other number in the query than the snapshot's.
  const std::string query =
      "SELECT c.bytes FROM " + transaction.table("snapshots") +
      " s, unnest(s.chunk_of, s.chunk_no) WITH ORDINALITY AS o (of, number, place) JOIN " +
      transaction.table("snapshot_chunks") +
      " c ON c.snapshot_id = o.of AND c.chunk = o.number WHERE s.snapshot_id = " + std::to_string(snapshot_id) +
      " ORDER BY o.place";
  postgres::BinaryCopyOut chunks(transaction.sql(), std::string_view(query));
  const auto give = [&](size_t, std::string* error) -> std::optional<std::string> {
    if (chunks.next()) return std::string(view(chunks.bytes(0)));
    *error = "it is not there";
    return std::nullopt;
  };
  std::string error;
  auto folder = snapshot::unpack(stored->head, document, give, &error);
  if (!folder) return tenants::Failure{tenants::FailureCode::kInternal, error};
  while (chunks.next()) {  // to its end, so that the transaction can go on
  }
  return std::move(*folder);
}

}  // namespace kaogong::freeze
