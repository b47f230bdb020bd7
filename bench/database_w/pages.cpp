// Results as pages.
#include <atomic>

#include "bench/database_w/stages.h"
#include "infra/postgres/copy.h"
#include "tenants/snapshot/page.h"

namespace kaogong::bench {

namespace {

constexpr size_t kChunkRows = 16'384;  // what one worker commits at once

}  // namespace

void create_pages(postgres::Pool& owner) {
  run_script(owner,
             "CREATE SCHEMA IF NOT EXISTS bench; DROP TABLE IF EXISTS bench.pages; CREATE TABLE bench.pages ("
             "run_id bigint NOT NULL, first_employee text COLLATE \"C\" NOT NULL, page integer NOT NULL, rows integer "
             "NOT NULL, bytes bytea NOT NULL, PRIMARY KEY (run_id, first_employee));"
             "ALTER TABLE bench.pages ALTER COLUMN bytes SET STORAGE EXTERNAL");
}

uint64_t write_pages(postgres::Pool& owner, int64_t run_id, const column::StringRows& employees,
                     const plan::RunResult& result, const PageOptions& options) {
  static constexpr std::string_view kColumns[] = {"run_id", "first_employee", "page", "rows", "bytes"};
  const postgres::SchemaName schema(kSchema);
  const size_t rows = employees.size(), chunks = (rows + kChunkRows - 1) / kChunkRows;
  std::atomic<size_t> next{0};
  std::atomic<uint64_t> bytes{0};
  in_parts([&](int) {
    for (size_t chunk = next++; chunk < chunks; chunk = next++) {
      auto transaction = postgres::Transaction::as_login_role(owner, {.statement_timeout_ms = 0});
      {
        postgres::BinaryCopyIn copy(transaction, postgres::CopyTable{schema, "pages", kColumns});
        const size_t end = std::min(rows, (chunk + 1) * kChunkRows);
        for (size_t begin = chunk * kChunkRows; begin < end; begin += options.page_rows) {
          const size_t last = std::min(end, begin + options.page_rows);
          const std::string page =
              snapshot::pack_page(employees, result.columns, result.refused, begin, last, options.compression);
          copy.row().int64(run_id).text(employees[begin]).int32(static_cast<int32_t>(begin / options.page_rows));
          copy.int32(static_cast<int32_t>(last - begin)).bytes(std::as_bytes(std::span(page)));
          bytes += page.size();
        }
        copy.finish();
      }
      if (!transaction.commit().committed()) std::abort();
    }
  });
  return bytes;
}

size_t read_employee(postgres::Pool& owner, int64_t run_id, std::string_view employee) {
  auto transaction = postgres::Transaction::as_login_role(owner, {.read_only = true});
  const auto found = transaction.query(
      "SELECT bytes FROM bench.pages WHERE run_id = $1 AND first_employee <= $2 ORDER BY first_employee DESC LIMIT 1",
      {run_id, employee});
  const auto bytes = found.one().bytes(0);
  std::string error;
  const auto page = snapshot::Page::open({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, &error);
  if (!page) std::abort();
  const size_t row = page->find(employee);
  if (row == page->rows()) std::abort();
  size_t size = 0;
  for (size_t c = 0; c < page->columns(); ++c) size += column::format_value(page->value(c, row), 0).size();
  return size;
}

}  // namespace kaogong::bench
