#include "tenants/runs/result_pages.h"

#include "infra/postgres/copy.h"
#include "tenants/runs/published_chain.h"
#include "tenants/snapshot/page.h"

namespace kaogong::runs {

using tenants::Failure;
using tenants::FailureCode;
using tenants::Result;
using tenants::TenantTransaction;

namespace {

std::string_view text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

Failure damaged(RunId run, const std::string& why) {
  return {FailureCode::kInternal, "the results of run " + std::to_string(number_of(run)) + " are damaged: " + why};
}

Result<ResultSet> unpacked(const Run& run, const std::vector<std::string_view>& pages) {
  std::string error;
  auto rows = snapshot::read_pages(pages, &error);
  if (!rows) return damaged(run.id, error);
  ResultSet set;
  set.names = run.outputs;
  if (!pages.empty() && rows->columns.size() != set.names.size()) return damaged(run.id, "they have other columns");
  set.employees = std::move(rows->employees);
  set.columns = std::move(rows->columns);
  set.refused = std::move(rows->refused);
  if (pages.empty()) set.names.clear();
  return set;
}

}  // namespace

Result<ResultSet> read_results(TenantTransaction& transaction, const Run& run) {
  std::vector<std::string> pages;
  postgres::BinaryCopyOut rows(transaction.sql(), "SELECT bytes FROM " + transaction.table("results") +
                                                      " WHERE run_id = " + std::to_string(number_of(run.id)) +
                                                      " ORDER BY first_employee");
  while (rows.next()) pages.emplace_back(text_of(rows.bytes(0)));
  return unpacked(run, {pages.begin(), pages.end()});
}

const ResultSet* ResultPages::next() {
  if (at_end_) return nullptr;
  const auto rows = transaction_.sql().query(
      "SELECT first_employee, bytes FROM " + transaction_.table("results") +
          " WHERE run_id = $1 AND ($2::text IS NULL OR first_employee > $2) ORDER BY first_employee LIMIT $3",
      {number_of(run_.id), after_, kPagesAtOnce});
  at_end_ = rows.size() < static_cast<size_t>(kPagesAtOnce);
  if (rows.empty()) return nullptr;
  std::vector<std::string_view> pages;
  for (const auto& row : rows) pages.push_back(text_of(row.bytes(1)));
  after_ = std::string(rows[rows.size() - 1].text(0));
  auto block = unpacked(run_, pages);
  if (!block) {
    failure_ = block.failure();
    at_end_ = true;
    return nullptr;
  }
  block_ = std::move(*block);
  return &block_;
}

Result<std::optional<EmployeeResult>> employee_in(const postgres::Rows& rows, RunId run,
                                                  const std::vector<std::string>& outputs, std::string_view employee) {
  if (rows.empty()) return std::optional<EmployeeResult>();
  std::string error;
  const auto page = snapshot::Page::open(text_of(rows.one().bytes(0)), &error);
  if (!page) return damaged(run, error);
  if (page->columns() != outputs.size()) return damaged(run, "they have other columns");
  const size_t row = page->find(employee);
  if (row == page->rows()) return std::optional<EmployeeResult>();
  EmployeeResult result;
  result.refused = page->refused(row);
  for (size_t c = 0; c < page->columns() && !result.refused; ++c) {
    const column::Column value = page->value(c, row);
    result.values.push_back(value.is_null(0) ? std::nullopt
                                             : std::optional<std::string>(column::format_value(value, 0)));
    result.types.push_back(value.type);
  }
  return std::optional<EmployeeResult>(std::move(result));
}

Result<std::optional<EmployeeResult>> read_employee(TenantTransaction& transaction, const Run& run,
                                                    std::string_view employee) {
  const auto rows = transaction.sql().query(page_sql(transaction.tenant()), {number_of(run.id), employee});
  return employee_in(rows, run.id, run.outputs, employee);
}

}  // namespace kaogong::runs
