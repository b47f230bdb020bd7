#include <functional>
#include <memory>

#include "gateway/api/answer.h"
#include "gateway/api/body.h"
#include "gateway/api/body_lines.h"
#include "gateway/api/inputs/handlers.h"
#include "gateway/api/inputs/input_path.h"
#include "gateway/api/inputs/row_lines.h"
#include "gateway/api/transact.h"
#include "tenants/inputs/load_inputs.h"

namespace kaogong::api {

using tenants::InputsLoaded;
using tenants::LineOutcome;
using tenants::TenantTransaction;
using tenants::Upload;

namespace {

constexpr size_t kShownMax = 1'000;  // refused lines in a summary
constexpr size_t kBlockBytes = size_t{64} << 10;
constexpr std::string_view kNdjson = "application/x-ndjson";

struct Wanted {
  tenants::LoadOptions load;
  bool csv = false, answers = false;
};

std::optional<http::Response> read_wanted(Call& call, Wanted* wanted) {
  Query query(call.request);
  const auto faults = query.text("faults").value_or("keep_rest");
  if (faults != "keep_rest" && faults != "refuse_all") query.fault("faults", "must be keep_rest or refuse_all");
  wanted->load.accept_rest = faults == "keep_rest";
  wanted->load.replace = query.truth("replace");
  wanted->load.reason = query.text("reason", tenants::kReasonBytesMax).value_or("");
  if (auto wrong = query.problem()) return wrong;
  const auto form = lines_form(call.request);
  if (!form) return lines_form_refused();
  wanted->csv = *form == LinesForm::kCsv;
  wanted->answers = is_type(call.request.fields.find("accept"), kNdjson);
  return std::nullopt;
}

/// What was done, as members of the open object.
void write_summary(json::Writer& writer, const Upload& upload, const InputsLoaded& loaded, const RowsRead& read) {
  tenants::SheetLoaded done;
  if (!loaded.sheets.empty()) done = loaded.sheets.front();
  writer.member("stored", loaded.stored)
      .member("sheet", upload.sheet().name)
      .member("lines", upload.lines())
      .member("refused_lines", upload.faulty_lines())
      .member("employees_left_out", upload.left_out().size())
      .member("added", done.added)
      .member("replaced", done.replaced)
      .member("unchanged", done.unchanged)
      .member("deleted", done.deleted)
      .name("watermark");
  loaded.stored ? writer.value(loaded.change_id) : writer.null();
  writer.name("ignored_columns").begin_array();
  for (const auto& column : read.ignored) writer.value(column);
  writer.end_array();
}

/// The whole answer in one document, with as many of the refused lines as anybody reads.
http::Response summary(const Upload& upload, const InputsLoaded& loaded, const RowsRead& read) {
  json::Writer writer;
  writer.begin_object();
  write_summary(writer, upload, loaded, read);
  writer.name("refused").begin_array();
  size_t shown = 0;
  if (upload.faulty_lines() > 0) {
    const auto done = upload.for_each_answer([&](const Upload::Answer& answer) {
      if (answer.outcome != LineOutcome::kRefused) return true;
      writer.begin_object().member("line", answer.line).member("employee", answer.employee);
      write_fault(writer, *answer.fault);
      writer.end_object();
      return ++shown < kShownMax;
    });
    if (!done) return problem(done.failure());
  }
  writer.end_array().member("refused_more", upload.faulty_lines() - shown).end_object();
  return answer(200, writer);
}

std::string_view to_text(LineOutcome outcome) {
  switch (outcome) {
    case LineOutcome::kAccepted:
      return "accepted";
    case LineOutcome::kRefused:
      return "refused";
    case LineOutcome::kLeftOut:
      return "left_out";
  }
  return "refused";
}

/// An answer for each line, in their order, then the summary.
http::Response answers(std::shared_ptr<const Upload> upload, InputsLoaded loaded, RowsRead read) {
  http::Response response;
  response.content_type = kNdjson;
  response.stream = [upload = std::move(upload), loaded = std::move(loaded),
                     read = std::move(read)](http::BodySink& sink) {
    std::string block;
    bool open = true;
    json::Writer writer;
    const auto end_line = [&](size_t most) {
      block += writer.take() + "\n";
      if (block.size() >= most) {
        open = sink.write(block);
        block.clear();
      }
      return open;
    };
    const auto done = upload->for_each_answer([&](const Upload::Answer& answer) {
      writer.begin_object()
          .member("line", answer.line)
          .member("outcome", to_text(answer.outcome))
          .member("employee", answer.employee);
      if (answer.fault != nullptr) write_fault(writer, *answer.fault);
      writer.end_object();
      return end_line(kBlockBytes);
    });
    if (!done) throw std::runtime_error(done.failure().message);
    if (!open) return;
    writer.begin_object().name("summary").begin_object();
    write_summary(writer, *upload, loaded, read);
    writer.end_object().end_object();
    end_line(0);
  };
  return response;
}

/// 422: nothing was stored; the first faulty lines are in `errors`.
http::Response nothing_stored(const Upload& upload) {
  json::BodyFaults faults;
  const auto done = upload.for_each_answer([&](const Upload::Answer& answer) {
    if (answer.fault != nullptr)
      faults.add("/" + std::to_string(answer.line) + (answer.fault->column.empty() ? "" : "/" + answer.fault->column),
                 answer.fault->error.en);
    return faults.list().size() < json::kBodyFaultsMax;
  });
  if (!done) return problem(done.failure());
  return problem(faults);
}

}  // namespace

http::Response upload_rows(Call& call) {
  Wanted wanted;
  if (auto wrong = read_wanted(call, &wanted)) return *std::move(wrong);
  const auto set = set_in_path(call);
  if (!set) return problem(set.failure());
  // Seen before anything is read: what is in the way should not cost an upload. The transaction ends here.
  auto begun = transact(
      call, [&](TenantTransaction& t) { return Upload::begin(t, *set, sheet_in_path(call), wanted.load.reason); });
  if (!begun) return problem(begun.failure());
  const auto upload = std::make_shared<Upload>(std::move(*begun));
  auto& body = *call.request.stream;
  auto read = wanted.csv ? read_csv(body, *upload) : read_ndjson(body, *upload);
  if (auto broken = problem_of(read.end)) return *std::move(broken);
  if (read.failure) return problem(*read.failure);
  if (const auto done = upload->finish(); !done) return problem(done.failure());
  if (upload->lines() == 0) return problem(tenants::invalid("the body has no line"));
  if (upload->has_too_many_faults() || (upload->faulty_lines() > 0 && !wanted.load.accept_rest))
    return nothing_stored(*upload);
  postgres::TransactionOptions options;
  options.statement_timeout_ms = 0;  // the rows are there: it takes as long as it takes
  const auto loaded = transact(
      call, [&](TenantTransaction& t) { return tenants::store_upload(t, *set, *upload, wanted.load); }, options);
  if (!loaded) return problem(loaded.failure());
  return wanted.answers ? answers(upload, *loaded, std::move(read)) : summary(*upload, *loaded, read);
}

}  // namespace kaogong::api
