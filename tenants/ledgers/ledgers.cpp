#include "tenants/ledgers/ledgers.h"

#include <algorithm>
#include <chrono>
#include <variant>

#include "engine/scheme/literal.h"
#include "tenants/audit/json_object.h"
#include "tenants/folder/reject.h"

namespace kaogong::tenants {

namespace {

constexpr size_t kNoteBytesMax = 4'000;
constexpr size_t kPostedAtOnce = 10'000;

std::optional<Failure> fault_of(const Posting& posting) {
  const auto fits = [](const std::string& text, size_t bytes_max) { return !text.empty() && text.size() <= bytes_max; };
  if (!fits(posting.ledger, kLedgerBytesMax) || !fits(posting.kind, kLedgerBytesMax))
    return invalid("a ledger and a kind have names of 1 to " + std::to_string(kLedgerBytesMax) + " bytes");
  if (!fits(posting.employee, folder::kEmployeeBytesMax)) return invalid("a posting belongs to an employee");
  if (posting.amount.scale < 0 || posting.amount.scale > kAmountScaleMax)
    return invalid("an amount has at most " + std::to_string(kAmountScaleMax) + " decimals");
  // Its contrary must be there, too.
  if (posting.amount.units == INT64_MIN) return invalid("an amount is too large");
  if (posting.note.size() > kNoteBytesMax) return invalid("the note is too long");
  return std::nullopt;
}

std::string day_of(scheme::Period period) { return scheme::date_to_text(scheme::last_day(period)); }

/// Posts are made one after the other, so that a run cannot post twice at the same time.
void lock(TenantTransaction& transaction) { transaction.take("ledgers"); }

/// Inserts some postings of one run; entries whose key is there are left.
int64_t insert(TenantTransaction& transaction, int64_t run_id, scheme::Period period,
               std::span<const Posting> postings) {
  std::vector<std::string> ledgers, employees, keys, kinds, notes;
  std::vector<int64_t> units, scales;
  for (const auto& posting : postings) {
    if (posting.amount.units == 0) continue;
    ledgers.push_back(posting.ledger);
    employees.push_back(posting.employee);
    keys.push_back("run/" + std::to_string(run_id) + "/" + posting.kind);
    kinds.push_back(posting.kind);
    notes.push_back(posting.note);
    units.push_back(posting.amount.units);
    scales.push_back(posting.amount.scale);
  }
  return transaction.sql().execute(
      "INSERT INTO " + transaction.table("ledger_entries") +
          " (ledger, employee, entry_key, period, period_end, run_id, kind, amount, scale, note, actor, posted_at) "
          "SELECT l, e, k, $8, $9::date, $10, d, u, s, n, $11, $12 FROM unnest($1::text[], $2::text[], $3::text[], "
          "$4::text[], $5::text[], $6::bigint[], $7::bigint[]) AS p (l, e, k, d, n, u, s) "
          "ON CONFLICT (ledger, employee, entry_key) DO NOTHING",
      {ledgers, employees, keys, kinds, notes, units, scales, scheme::to_text(period), day_of(period), run_id,
       transaction.actor().name, transaction.now_text()});
}

/// Whether what a run has posted is exactly this.
bool is_posted(TenantTransaction& transaction, int64_t run_id, scheme::Period period,
               std::span<const Posting> postings) {
  std::vector<std::string> ledgers, employees, kinds;
  std::vector<int64_t> units, scales;
  for (const auto& posting : postings) {
    if (posting.amount.units == 0) continue;
    ledgers.push_back(posting.ledger);
    employees.push_back(posting.employee);
    kinds.push_back(posting.kind);
    units.push_back(posting.amount.units);
    scales.push_back(posting.amount.scale);
  }
  const auto found = transaction.sql().query(
      "WITH given AS (SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::bigint[]) "
      "AS p (ledger, employee, kind, amount, scale)), stored AS (SELECT ledger, employee, kind, amount, scale::bigint "
      "FROM " +
          transaction.table("ledger_entries") +
          " WHERE run_id = $6 AND period = $7) SELECT NOT EXISTS ((SELECT * FROM given EXCEPT ALL SELECT * FROM "
          "stored) "
          "UNION ALL (SELECT * FROM stored EXCEPT ALL SELECT * FROM given))",
      {ledgers, employees, kinds, units, scales, run_id, scheme::to_text(period)});
  return found.one().boolean(0);
}

}  // namespace

std::optional<Amount> parse_amount(std::string_view text) {
  const auto decimals = scheme::decimals_of(text);
  if (!decimals || *decimals > kAmountScaleMax) return std::nullopt;
  const auto units = scheme::parse_scaled(text, *decimals);
  const auto* value = std::get_if<int64_t>(&units);
  if (value == nullptr || *value == INT64_MIN) return std::nullopt;
  return Amount{*value, *decimals};
}

std::string to_text(const Amount& amount) { return scheme::scaled_to_text(amount.units, amount.scale); }

Result<Posted> post_run(TenantTransaction& transaction, int64_t run_id, scheme::Period period,
                        std::span<const Posting> postings) {
  if (postings.size() > kPostingsMax)
    return invalid("a run posts at most " + std::to_string(kPostingsMax) + " entries");
  for (const auto& posting : postings) {
    if (auto fault = fault_of(posting)) return *std::move(fault);
  }
  lock(transaction);
  const auto before =
      transaction.sql()
          .query("SELECT count(*) FROM " + transaction.table("ledger_entries") + " WHERE run_id = $1", {run_id})
          .one()
          .int64(0);
  if (before > 0) {
    if (!is_posted(transaction, run_id, period, postings))
      return conflict("run " + std::to_string(run_id) + " has posted something else before");
    return Posted{before, true};
  }
  int64_t entries = 0;
  const auto wanted =
      std::count_if(postings.begin(), postings.end(), [](const Posting& p) { return p.amount.units != 0; });
  for (size_t begin = 0; begin < postings.size(); begin += kPostedAtOnce)
    entries +=
        insert(transaction, run_id, period, postings.subspan(begin, std::min(kPostedAtOnce, postings.size() - begin)));
  if (entries != wanted)
    return invalid("run " + std::to_string(run_id) + " posts a kind twice for the same employee in a ledger");
  if (entries > 0) {
    transaction.audit("ledger.post", std::to_string(run_id),
                      audit::json_object({{"period", scheme::to_text(period)}, {"entries", entries}}));
  }
  return Posted{entries, false};
}

Result<Posted> reverse_run(TenantTransaction& transaction, int64_t run_id, std::string_view note) {
  if (note.size() > kNoteBytesMax) return invalid("the note is too long");
  lock(transaction);
  const auto entries = transaction.sql().execute(
      "INSERT INTO " + transaction.table("ledger_entries") +
          " (ledger, employee, entry_key, period, period_end, run_id, kind, amount, scale, note, actor, posted_at) "
          "SELECT ledger, employee, 'reverse/' || entry_key, period, period_end, NULL, 'reversal', -amount, scale, $2, "
          "$3, $4 "
          "FROM " +
          transaction.table("ledger_entries") +
          " WHERE run_id = $1 ON CONFLICT (ledger, employee, entry_key) DO NOTHING",
      {run_id, note, transaction.actor().name, transaction.now_text()});
  if (entries > 0) {
    transaction.audit("ledger.reverse", std::to_string(run_id),
                      audit::json_object({{"entries", entries}, {"note", std::string(note)}}));
  }
  return Posted{entries, entries == 0};
}

Result<Posted> post_entry(TenantTransaction& transaction, std::string_view key, scheme::Period period,
                          const Posting& posting) {
  if (auto fault = fault_of(posting)) return *std::move(fault);
  if (key.empty() || key.size() > kEntryKeyBytesMax)
    return invalid("an entry has a key of 1 to " + std::to_string(kEntryKeyBytesMax) + " bytes");
  if (posting.amount.units == 0) return invalid("an amount of 0 is no entry");
  const std::string full = "manual/" + std::string(key);
  const auto made = transaction.sql().execute(
      "INSERT INTO " + transaction.table("ledger_entries") +
          " (ledger, employee, entry_key, period, period_end, run_id, kind, amount, scale, note, actor, posted_at) "
          "VALUES ($1, $2, $3, $4, $5, NULL, $6, $7, $8, $9, $10, $11) ON CONFLICT (ledger, employee, entry_key) DO "
          "NOTHING",
      {posting.ledger, posting.employee, full, scheme::to_text(period), day_of(period), posting.kind,
       posting.amount.units, posting.amount.scale, posting.note, transaction.actor().name, transaction.now_text()});
  if (made == 0) {
    const auto same = transaction.sql().query(
        "SELECT period = $4 AND kind = $5 AND amount = $6 AND scale = $7 AND note = $8 FROM " +
            transaction.table("ledger_entries") + " WHERE ledger = $1 AND employee = $2 AND entry_key = $3",
        {posting.ledger, posting.employee, full, scheme::to_text(period), posting.kind, posting.amount.units,
         posting.amount.scale, posting.note});
    if (!same.one().boolean(0)) return conflict("the key '" + std::string(key) + "' was used for another entry");
    return Posted{1, true};
  }
  transaction.audit(
      "ledger.entry", posting.employee,
      audit::json_object({{"ledger", posting.ledger}, {"kind", posting.kind}, {"key", std::string(key)}}));
  return Posted{1, false};
}

std::string balance_of(TenantTransaction& transaction, std::string_view ledger, std::string_view employee,
                       scheme::Period through) {
  // A text like 12050e-2 is an exact numeric: nothing is divided.
  const auto found = transaction.sql().query(
      "SELECT coalesce(sum((amount::text || 'e-' || scale)::numeric), 0)::text FROM " +
          transaction.table("ledger_entries") + " WHERE ledger = $1 AND employee = $2 AND period_end <= $3",
      {ledger, employee, day_of(through)});
  return std::string(found.one().text(0));
}

std::vector<Balance> balances(TenantTransaction& transaction, std::string_view ledger, scheme::Period through,
                              std::string_view after, int64_t limit) {
  const auto found = transaction.sql().query(
      "SELECT employee, sum((amount::text || 'e-' || scale)::numeric)::text FROM " +
          transaction.table("ledger_entries") +
          " WHERE ledger = $1 AND period_end <= $2 AND employee > $3 GROUP BY employee ORDER BY employee LIMIT $4",
      {ledger, day_of(through), after, std::clamp<int64_t>(limit, 1, kBalancesMax)});
  std::vector<Balance> list;
  list.reserve(found.size());
  for (const auto row : found) list.push_back({std::string(row.text(0)), std::string(row.text(1))});
  return list;
}

std::vector<LedgerEntry> ledger_entries(TenantTransaction& transaction, std::string_view ledger,
                                        std::string_view employee, int64_t limit) {
  const auto found = transaction.sql().query(
      "SELECT entry_key, period, run_id, kind, amount, scale, note, actor, posted_at FROM " +
          transaction.table("ledger_entries") +
          " WHERE ledger = $1 AND employee = $2 ORDER BY period_end, posted_at, entry_key LIMIT $3",
      {ledger, employee, std::clamp<int64_t>(limit, 1, kBalancesMax)});
  std::vector<LedgerEntry> entries;
  for (const auto row : found) {
    entries.push_back({std::string(row.text(0)),
                       *scheme::parse_period(row.text(1)),
                       row.optional_int64(2),
                       {std::string(ledger),
                        std::string(employee),
                        std::string(row.text(3)),
                        {row.int64(4), static_cast<int>(row.int64(5))},
                        std::string(row.text(6))},
                       std::string(row.text(7)),
                       clock::Instant{std::chrono::microseconds{row.timestamp_us(8)}}});
  }
  return entries;
}

}  // namespace kaogong::tenants
