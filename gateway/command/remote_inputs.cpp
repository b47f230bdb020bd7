// Sheets at a server: loaded, shown, checked, exported; and computed without being stored.
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "gateway/api/forms.h"
#include "gateway/client/client.h"
#include "gateway/client/problem_text.h"
#include "gateway/command/commands.h"
#include "gateway/command/remote_mode.h"
#include "gateway/command/remote_steps.h"
#include "gateway/command/scheme_source.h"
#include "gateway/command/show_json.h"
#include "gateway/command/tenant_session.h"
#include "gateway/json/writer.h"
#include "infra/csv/writer.h"
#include "tenants/folder/file_spec.h"
#include "tenants/packs/packs.h"
#include "tenants/sheet/sheet_file.h"

namespace kaogong::gateway {

namespace {

constexpr std::string_view kSet = "/v1/inputs/{--scheme}/{--period}";

void append_csv(std::string* text, std::initializer_list<std::string_view> fields) {
  for (const auto& field : fields) {
    if (&field != fields.begin()) *text += ',';
    csv::append_field(text, field);
  }
  *text += '\n';
}

std::string load_query(const CommandLine& line) {
  std::string query = line.has("--accept-rest") ? "?faults=keep_rest" : "?faults=refuse_all";
  if (line.has("--replace")) query += "&replace=true";
  if (line.has("--reason")) query += "&reason=" + api::escaped_segment(line.text("--reason"));
  return query;
}

/// Sends one file. The exit status.
int load_sheet(client::Client& client, const CommandLine& line, const std::string& sheet, const std::string& file) {
  auto request = request_to("POST", path_of(kSet, line) + "/sheets/" + api::escaped_segment(sheet) + load_query(line));
  request.content_type = "text/csv";
  request.body_path = file;
  const auto summary = ask(client, request);
  if (!summary) return kNothingDone;
  const auto root = summary->root();
  if (const auto refused = root.find("refused")) print_rejects(*refused, sheet + ".csv", line.text("--lang") == "zh");
  std::fprintf(stderr, "%s: %s lines; %s entries added, %s replaced, %s unchanged, %s taken away\n", sheet.c_str(),
               member_text(root, "lines").c_str(), member_text(root, "added").c_str(),
               member_text(root, "replaced").c_str(), member_text(root, "unchanged").c_str(),
               member_text(root, "deleted").c_str());
  if (const auto mark = member_text(root, "watermark"); !mark.empty())
    std::fprintf(stderr, "watermark %s\n", mark.c_str());
  return member_text(root, "refused_lines") == "0" ? kDone : kSomeRefused;
}

/// Does something for each sheet that the scheme has; the worst of the exit statuses, until nothing could be done.
int for_sheets(client::Client& client, const CommandLine& line, const std::function<int(json::Value)>& body) {
  const auto described = ask(client, request_to("GET", path_of(kSet, line)));
  const auto sheets = described ? described->root().find("sheets") : std::nullopt;
  if (!sheets) return kNothingDone;
  int worst = kDone;
  for (const auto sheet : sheets->items()) {
    const int status = body(sheet);
    if (status == kNothingDone) return status;
    if (status == kSomeRefused) worst = status;
  }
  return worst;
}

/// A sheet's rows of a data folder, as JSON; false, after it was said why.
bool write_rows(json::Writer& writer, const std::string& folder, const folder::FileSpec& spec) {
  const auto opened = tenants::SheetFile::open(folder + "/" + spec.name + ".csv", spec.name + ".csv");
  if (!opened) {
    fail(opened.failure());
    return false;
  }
  auto& file = **opened;
  writer.name(spec.name).begin_array();
  while (file.next()) {
    if (file.is_faulty()) {
      fail(spec.name + ".csv, line " + std::to_string(file.line()) + ": " + file.fault({}).error.en);
      return false;
    }
    writer.begin_object();
    for (const auto& column : spec.columns) {
      const auto index = file.column(column.name);
      const std::string value(index ? file.value(*index) : std::string_view());
      if (value.empty()) continue;
      const bool is_truth = column.type.name == scheme::TypeName::kBoolean && (value == "true" || value == "false");
      writer.name(column.name);
      is_truth ? writer.raw(value) : writer.value(value);
    }
    writer.end_object();
  }
  writer.end_array();
  if (const auto failure = file.failure()) {
    fail(*failure);
    return false;
  }
  return true;
}

bool write_file(const std::string& path, const std::string& text) {
  std::ofstream out(path, std::ios::binary);
  out << text;
  out.close();
  if (out.good()) return true;
  fail(path + " cannot be written");
  return false;
}

std::string results_csv(json::Value results) {
  std::string text;
  bool header = true;
  for (const auto row : results.items()) {
    const auto values = row.find("values");
    if (!values || !values->is(json::Kind::kObject)) continue;
    if (std::exchange(header, false)) {
      text += "employee";
      for (const auto member : values->members()) {
        text += ',';
        csv::append_field(&text, member.name);
      }
      text += '\n';
    }
    csv::append_field(&text, member_text(row, "employee"));
    for (const auto member : values->members()) {
      text += ',';
      csv::append_field(&text, text_of(member.value));
    }
    text += '\n';
  }
  return text;
}

/// The row of a sheet as the line of its file, in which the header is the first.
std::string line_of(const std::string& row) { return row.empty() ? row : std::to_string(std::stoll(row) + 2); }

std::string rejects_csv(json::Value rejects, bool chinese) {
  std::string text;
  append_csv(&text, {"file", "line", "employee", "column", "value", "error"});
  for (const auto reject : rejects.items())
    append_csv(&text, {member_text(reject, "sheet"), line_of(member_text(reject, "row")),
                       member_text(reject, "employee"), member_text(reject, "column"), member_text(reject, "value"),
                       member_text(reject, chinese ? "error.zh" : "error.en")});
  return text;
}

}  // namespace

int remote_input_load(client::Client& client, const CommandLine& line) {
  const auto path = line.text("path");
  if (line.has("--sheet")) return load_sheet(client, line, line.text("--sheet"), path);
  bool any = false;
  const int status = for_sheets(client, line, [&](json::Value sheet) {
    const auto name = member_text(sheet, "name"), file = path + "/" + name + ".csv";
    if (!std::filesystem::exists(file)) return static_cast<int>(kDone);
    any = true;
    return load_sheet(client, line, name, file);
  });
  return status == kDone && !any ? fail(path + " has no file of this scheme") : status;
}

int remote_input_export(client::Client& client, const CommandLine& line) {
  const auto folder = line.text("--out");
  std::error_code made;
  std::filesystem::create_directories(folder, made);
  if (made) return fail("the folder " + folder + " cannot be made: " + made.message());
  return for_sheets(client, line, [&](json::Value sheet) {
    if (member_text(sheet, "entries") == "0") return static_cast<int>(kDone);
    const auto name = member_text(sheet, "name"), file = folder + "/" + name + ".csv";
    std::ofstream out(file, std::ios::binary);
    const auto answer =
        client.call(request_to("GET", path_of(kSet, line) + "/sheets/" + api::escaped_segment(name) + "?format=csv"),
                    [&](std::string_view piece) { return out.write(piece.data(), std::ssize(piece)).good(); });
    out.close();
    if (const auto* failure = std::get_if<client::CallFailure>(&answer)) return fail(failure->message);
    const auto& response = std::get<client::Response>(answer);
    if (!response.is_good()) return fail(client::problem_text(response));
    if (!out.good()) return fail(file + " cannot be written");
    std::fprintf(stderr, "%s: %s entries\n", name.c_str(), member_text(sheet, "entries").c_str());
    return static_cast<int>(kDone);
  });
}

int remote_input_show(client::Client& client, const CommandLine& line) {
  auto path = path_of(kSet, line) + path_of("/sheets/{sheet}", line);
  path += line.has("--employee") ? path_of("/entries/{--employee}", line) : "/entry";
  if (line.has("--part")) path += "?part=" + api::escaped_segment(line.text("--part"));
  const auto entry = ask(client, request_to("GET", path));
  const auto rows = entry ? entry->root().find("rows") : std::nullopt;
  if (!rows) return kNothingDone;
  show_csv(*rows);
  std::fprintf(stderr, "change %s by %s at %s\n", member_text(entry->root(), "change").c_str(),
               member_text(entry->root(), "entered_by").c_str(), member_text(entry->root(), "entered_at").c_str());
  return kDone;
}

int remote_input_check(client::Client& client, const CommandLine& line) {
  const auto checked = ask(client, request_to("POST", path_of(kSet, line) + "/check"));
  const auto faults = checked ? checked->root().find("faults") : std::nullopt;
  if (!faults) return kNothingDone;
  print_rejects(*faults, "", line.text("--lang") == "zh");
  std::fprintf(stderr, "%s employees, %s refused\n", member_text(checked->root(), "employees").c_str(),
               member_text(checked->root(), "refused").c_str());
  return faults->size() == 0 ? kDone : kSomeRefused;
}

int remote_score(client::Client& client, const CommandLine& line) {
  const auto source = open_scheme(line.text("--template"), line.text("--scheme"));
  const auto document = source ? load_scheme(*source, packs::library()) : std::nullopt;
  if (!document) return kNothingDone;
  const auto folder = line.text("--data"), out = line.text("--out");
  json::Writer writer;
  writer.begin_object().member("period", line.text("--period"));
  line.has("--template") ? writer.member("template", line.text("--template")) : writer.member("document", source->text);
  writer.name("sheets").begin_object();
  for (const auto& spec : folder::folder_spec(*document).files)
    if (std::filesystem::exists(folder + "/" + spec.name + ".csv") && !write_rows(writer, folder, spec))
      return kNothingDone;
  const auto scored = ask(client, request_to("POST", "/v1/score", writer.end_object().end_object().take()));
  const auto results = scored ? scored->root().find("results") : std::nullopt;
  const auto rejects = scored ? scored->root().find("rejects") : std::nullopt;
  if (!results || !rejects) return kNothingDone;
  std::error_code made;
  std::filesystem::create_directories(out, made);
  if (made) return fail("the folder " + out + " cannot be made: " + made.message());
  if (!write_file(out + "/results.csv", results_csv(*results)) ||
      !write_file(out + "/rejects.csv", rejects_csv(*rejects, line.text("--lang") == "zh")))
    return kNothingDone;
  if (!line.has("--quiet"))
    std::printf("%s rows, %s refused\n", member_text(scored->root(), "rows").c_str(),
                member_text(scored->root(), "refused").c_str());
  return rejects->size() == 0 ? status_of(scored->root()) : kSomeRefused;
}

}  // namespace kaogong::gateway
