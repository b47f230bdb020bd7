#include "tenants/runs/verify.h"

#include "tenants/runs/queries.h"

namespace kaogong::runs {

using tenants::Actor;
using tenants::Done;
using tenants::Result;
using tenants::Tenant;
using tenants::TenantDatabase;
using tenants::TenantTransaction;

namespace {

std::string_view text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

bool same(const RejectRow& a, const RejectRow& b) {
  return a.employee == b.employee && a.file == b.file && a.line == b.line && a.column == b.column &&
         a.value == b.value && a.error_zh == b.error_zh && a.error_en == b.error_en;
}

class Comparison {
 public:
  Comparison(TenantTransaction& transaction, const Run& run, const Product& product)
      : transaction_(transaction), run_(run), product_(product) {}

  Verification compare() {
    if (product_.outputs() != run_.outputs) differ("the outputs have other names");
    std::vector<std::string> checksums;
    uint64_t pages = 0;
    for (size_t c = 0; c < product_.chunks() && out_.differences.size() < kDifferencesMax; ++c) {
      const ChunkRows chunk = product_.make(c);
      checksums.push_back(chunk.checksum);
      compare_chunk(c, chunk);
      compare_pages(c, chunk);
      compare_rejects(c, chunk);
      pages += chunk.pages.size();
      ++out_.chunks;
    }
    const auto total = transaction_.sql().query("SELECT (SELECT count(*) FROM " + transaction_.table("results") +
                                                    " WHERE run_id = $1), (SELECT count(*) FROM " +
                                                    transaction_.table("run_chunks") + " WHERE run_id = $1)",
                                                {number_of(run_.id)});
    if (total.one().int64(0) != static_cast<int64_t>(pages))
      differ(std::to_string(total.one().int64(0)) + " pages are stored, " + std::to_string(pages) + " come out");
    if (total.one().int64(1) != static_cast<int64_t>(product_.chunks())) differ("the run has another number of chunks");
    if (result_hash(product_.outputs(), checksums) != run_.checksum) differ("the result hash differs");
    return std::move(out_);
  }

 private:
  void differ(std::string what) {
    if (out_.differences.size() < kDifferencesMax) out_.differences.push_back(std::move(what));
  }

  void compare_chunk(size_t c, const ChunkRows& chunk) {
    const auto rows =
        transaction_.sql().query("SELECT checksum, rows, refused FROM " + transaction_.table("run_chunks") +
                                     " WHERE run_id = $1 AND chunk = $2 AND state = 'done'",
                                 {number_of(run_.id), static_cast<int64_t>(c)});
    const std::string name = "chunk " + std::to_string(c);
    if (rows.empty()) return differ(name + " is not stored");
    if (text_of(rows.one().bytes(0)) != chunk.checksum) differ("the checksum of " + name + " differs");
    if (rows.one().int64(1) != static_cast<int64_t>(chunk.rows) ||
        rows.one().int64(2) != static_cast<int64_t>(chunk.refused))
      differ(name + " has another number of rows");
  }

  void compare_pages(size_t c, const ChunkRows& chunk) {
    if (chunk.pages.empty()) return;
    const auto stored = transaction_.sql().query(
        "SELECT first_employee, rows, bytes FROM " + transaction_.table("results") +
            " WHERE run_id = $1 AND first_employee >= $2 AND first_employee <= $3 ORDER BY first_employee",
        {number_of(run_.id), chunk.pages.front().first_employee, chunk.pages.back().first_employee});
    if (stored.size() != chunk.pages.size()) return differ("chunk " + std::to_string(c) + " has other pages");
    for (size_t i = 0; i < stored.size(); ++i) {
      const PageRow& page = chunk.pages[i];
      ++out_.pages;
      if (stored[i].text(0) != page.first_employee || stored[i].int64(1) != int64_t{page.rows} ||
          text_of(stored[i].bytes(2)) != page.bytes)
        differ("page " + std::to_string(i) + " of chunk " + std::to_string(c) + " differs");
    }
  }

  void compare_rejects(size_t c, const ChunkRows& chunk) {
    RejectPlace place{static_cast<int64_t>(c), -1};
    size_t at = 0;
    for (bool more = true; more;) {
      const auto page = rejects_of(transaction_, run_.id, place, kRejectsPageMax);
      more = page.size() == static_cast<size_t>(kRejectsPageMax);
      for (const auto& stored : page) {
        if (stored.place.chunk != static_cast<int64_t>(c)) {
          more = false;
          break;
        }
        if (at >= chunk.rejects.size() || !same(stored.reject, chunk.rejects[at]))
          differ("reject " + std::to_string(at) + " of chunk " + std::to_string(c) + " differs");
        ++at;
        place = stored.place;
      }
    }
    out_.rejects += at;
    if (at != chunk.rejects.size()) differ("chunk " + std::to_string(c) + " has another number of rejects");
  }

  TenantTransaction& transaction_;
  const Run& run_;
  const Product& product_;
  Verification out_;
};

}  // namespace

Result<Verification> verify_run(TenantDatabase& database, Builder& builder, const Tenant& tenant, const Actor& actor,
                                RunId id) {
  const auto run =
      database.transact(tenant, actor, [&](TenantTransaction& transaction) { return read_run(transaction, id); });
  if (!run) return run.failure();
  if (run->checksum.empty())
    return tenants::conflict(named(id) + " is " + std::string(to_text(run->state)) + ": it has no results");
  const auto product = builder.build(tenant, actor, *run);
  if (!product) return product.failure();
  postgres::TransactionOptions options;
  options.isolation = postgres::Isolation::kRepeatableRead;
  options.read_only = true;
  return database.transact(
      tenant, actor,
      [&](TenantTransaction& transaction) -> Result<Verification> {
        return Comparison(transaction, *run, **product).compare();
      },
      options);
}

}  // namespace kaogong::runs
