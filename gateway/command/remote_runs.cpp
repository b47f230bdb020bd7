// Runs at a server: made, waited for, compared.
#include <cstdio>

#include "gateway/api/forms.h"
#include "gateway/client/client.h"
#include "gateway/command/commands.h"
#include "gateway/command/remote_mode.h"
#include "gateway/command/remote_steps.h"
#include "gateway/command/show_json.h"
#include "gateway/command/tenant_session.h"

namespace kaogong::gateway {

namespace {

/// Until the run is calculated, by its events, which end then. The run; nothing, after it was said why.
std::optional<json::Document> await(client::Client& client, const std::string& run) {
  for (;;) {
    // An answer that breaks off is asked for again: how far it is stands in the run.
    const auto watched =
        client.call(request_to("GET", "/v1/operations/" + run + "/events"), [](std::string_view) { return true; });
    auto now = ask(client, request_to("GET", "/v1/runs/" + run));
    const auto state = now ? now->root().find("state") : std::nullopt;
    if (!state || (state->text() != "calculating" && state->text() != "draft")) return now;
    if (const auto* response = std::get_if<client::Response>(&watched); response != nullptr && !response->is_good())
      return now;
  }
}

int show_run(const std::optional<json::Document>& run) {
  if (!run) return kNothingDone;
  show_entry(run->root(), kRunShown);
  return status_of(run->root());
}

/// Makes a run, waits for it if that is wanted, and shows it.
int make(client::Client& client, const CommandLine& line, client::Request request) {
  if (line.has("--key")) request.fields.emplace_back("Idempotency-Key", line.text("--key"));
  const auto operation = ask(client, request);
  if (!operation) return kNothingDone;
  const auto run = text_of(*operation->root().find("run"));
  return show_run(line.has("--wait") ? await(client, run) : ask(client, request_to("GET", "/v1/runs/" + run)));
}

/// `OUTPUT=PERCENT`, as the API has it.
std::string warnings_of(const CommandLine& line) {
  std::string rules;
  for (auto text : line.texts("--warn")) {
    if (const auto equal = text.find('='); equal != std::string::npos) text[equal] = ':';
    rules += (rules.empty() ? "" : ",") + text;
  }
  return rules.empty() ? rules : "&warn=" + api::escaped_segment(rules);
}

void print_change(json::Value change) {
  const auto outputs = change.find("outputs");
  const auto employee = member_text(change, "employee"), kind = member_text(change, "change");
  if (!outputs || outputs->size() == 0) print_csv({employee, kind, "", "", "", "", ""});
  if (!outputs) return;
  for (const auto output : outputs->items())
    print_csv({employee, kind, member_text(output, "name"), member_text(output, "before"), member_text(output, "after"),
               member_text(output, "delta"), member_text(output, "warned") == "true" ? "variance" : ""});
}

}  // namespace

int remote_run_create(client::Client& client, const CommandLine& line) {
  const auto body = body_of({{"scheme", "--scheme"},
                             {"period", "--period"},
                             {"version", "--version", As::kWhole},
                             {"kind", "--preview", As::kWord, "preview"},
                             {"priority", "--priority"},
                             {"parameters", "--parameter", As::kPairs},
                             {"history_from", "--history-from", As::kPairs},
                             {"start", "--draft", As::kFalse}},
                            line);
  return body ? make(client, line, request_to("POST", "/v1/runs", *body)) : static_cast<int>(kNothingDone);
}

int remote_run_year_end(client::Client& client, const CommandLine& line) {
  const auto body = body_of(
      {{"scheme", "--scheme"}, {"year", "--period"}, {"version", "--version", As::kWhole}, {"priority", "--priority"}},
      line);
  return body ? make(client, line, request_to("POST", "/v1/year-ends", *body)) : static_cast<int>(kNothingDone);
}

int remote_run_wait(client::Client& client, const CommandLine& line) {
  return show_run(await(client, path_of("{run}", line)));
}

int remote_run_correct(client::Client& client, const CommandLine& line) {
  const auto body = body_of({{"scheme", "--scheme"}, {"period", "--period"}, {"priority", "--priority"}}, line);
  if (!body) return kNothingDone;
  auto request = request_to("POST", "/v1/corrections", *body);
  if (line.has("--key")) request.fields.emplace_back("Idempotency-Key", line.text("--key"));
  const auto operation = ask(client, request);
  if (!operation) return kNothingDone;
  const auto first = member_text(operation->root(), "run");
  for (auto waiting = first;;) {
    const auto run = await(client, waiting);
    if (!run) return kNothingDone;
    if (member_text(run->root(), "state") == "failed") return show_run(run);
    const auto next = ask(client, request_to("POST", "/v1/corrections/" + first + "/follow-ups"));
    if (!next) return kNothingDone;
    const auto all = next->root().find("corrections");
    if (!all) {
      waiting = member_text(next->root(), "run");
      continue;
    }
    for (const auto correction : all->items())
      show_entry(correction, "run.id run.scheme run.period run.rows|0 carried");
    return kDone;
  }
}

int remote_run_rejects(client::Client& client, const CommandLine& line) {
  print_csv({"file", "line", "employee", "column", "value", "error"});
  auto path = path_of("/v1/runs/{run}/rejects", line);
  if (line.has("--employee")) path += "?employee=" + api::escaped_segment(line.text("--employee"));
  const std::string error = line.text("--lang") == "zh" ? "error.zh" : "error.en";
  return read_pages(client, request_to("GET", path), "items", [&](json::Value reject) {
    print_csv({member_text(reject, "sheet"), member_text(reject, "line"), member_text(reject, "employee"),
               member_text(reject, "column"), member_text(reject, "value"), member_text(reject, error)});
    return true;
  });
}

int remote_run_diff(client::Client& client, const CommandLine& line) {
  const auto path = path_of("/v1/runs/{other}/diff?against={run}", line) + warnings_of(line);
  const auto first = ask(client, request_to("GET", path + "&page_size=1"));
  if (!first) return kNothingDone;
  if (line.has("--all")) {
    print_csv({"employee", "change", "output", "before", "after", "delta", "warning"});
    const auto status = read_pages(client, request_to("GET", path), "changes", [](json::Value change) {
      print_change(change);
      return true;
    });
    if (status != kDone) return status;
  }
  std::FILE* out = line.has("--all") ? stderr : stdout;
  const auto summary = *first->root().find("summary");
  std::fprintf(out, "%s before, %s after: %s equal, %s changed, %s added, %s removed, %s warned\n",
               member_text(summary, "before").c_str(), member_text(summary, "after").c_str(),
               member_text(summary, "equal").c_str(), member_text(summary, "changed").c_str(),
               member_text(summary, "added").c_str(), member_text(summary, "removed").c_str(),
               member_text(summary, "warned").c_str());
  const auto outputs = summary.find("outputs");
  if (!outputs) return kDone;
  for (const auto output : outputs->items())
    if (member_text(output, "changed") != "0")
      std::fprintf(out, "%s\t%s\t%s\n", member_text(output, "name").c_str(), member_text(output, "changed").c_str(),
                   member_text(output, "delta").c_str());
  return kDone;
}

int remote_run_verify(client::Client& client, const CommandLine& line) {
  const auto verdict = ask(client, request_to("POST", path_of("/v1/runs/{run}/verify", line)));
  if (!verdict) return kNothingDone;
  if (const auto differences = verdict->root().find("differences"))
    for (const auto difference : differences->items()) fail(text_of(difference));
  if (member_text(verdict->root(), "same") != "true") return kNothingDone;
  std::printf("run %s is what its inputs give: %s chunks, %s pages, %s rejects, bit for bit\n",
              member_text(verdict->root(), "run").c_str(), member_text(verdict->root(), "chunks").c_str(),
              member_text(verdict->root(), "pages").c_str(), member_text(verdict->root(), "rejects").c_str());
  return kDone;
}

}  // namespace kaogong::gateway
