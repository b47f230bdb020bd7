#include "gateway/api/people/load_people.h"

#include "gateway/api/answer.h"
#include "gateway/api/body.h"
#include "gateway/api/body_lines.h"
#include "gateway/api/change.h"
#include "gateway/api/forms.h"
#include "tenants/people/load_people.h"

namespace kaogong::api {

using tenants::PeopleUpload;
using tenants::Result;
using tenants::TenantTransaction;

namespace {

/// Nothing: all lines came, good and faulty ones.
std::optional<http::Response> read_csv(http::BodySource& body, PeopleUpload& upload) {
  auto end = http::BodySource::State::kEnd;
  const auto sheet = tenants::SheetFile::read(csv_source(body, end), std::string(tenants::kPeopleFile));
  const auto read = sheet ? tenants::read_people(**sheet, upload) : Result<tenants::Done>(sheet.failure());
  if (auto broken = problem_of(end)) return broken;
  if (!read) return problem(read.failure());
  return std::nullopt;
}

http::Response summary(const tenants::PeopleLoaded& loaded) {
  json::Writer writer;
  writer.begin_object()
      .member("stored", true)
      .member("lines", loaded.lines)
      .member("added", loaded.added)
      .member("changed", loaded.changed)
      .end_object();
  return answer(200, writer);
}

}  // namespace

http::Response load_people(Call& call) {
  Query query(call.request);
  const auto from = query.parsed("from", scheme::parse_date, kDateForm);
  if (!call.request.parameter("from")) query.fault("from", "is missing: say the day from which changes hold");
  if (auto wrong = query.problem()) return *std::move(wrong);
  const auto form = lines_form(call.request);
  if (!form) return lines_form_refused();
  // What can be seen of a line without the tables is seen while it comes. The transaction ends here.
  auto begun = transact(call, [&](TenantTransaction& t) { return PeopleUpload::begin(t, *from); });
  if (!begun) return problem(begun.failure());
  auto& upload = *begun;
  auto& body = *call.request.stream;
  auto broken = *form == LinesForm::kCsv ? read_csv(body, upload) : problem_of(read_people_lines(body, upload));
  if (broken) return *std::move(broken);
  if (const auto done = upload.finish(); !done) return problem(done.failure());
  postgres::TransactionOptions options;
  options.statement_timeout_ms = 0;  // the lines are there: it takes as long as it takes
  return change(
      call,
      [&](TenantTransaction& t) -> Result<http::Response> {
        const auto loaded = tenants::store_people(t, upload);
        if (!loaded) return loaded.failure();
        return loaded->stored ? summary(*loaded) : problem(loaded->faults);
      },
      options);
}

}  // namespace kaogong::api
