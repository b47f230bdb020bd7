// People loaded at a server.
#include <cstdio>

#include "gateway/api/forms.h"
#include "gateway/client/client.h"
#include "gateway/client/problem_text.h"
#include "gateway/command/commands.h"
#include "gateway/command/remote_mode.h"
#include "gateway/command/remote_steps.h"
#include "gateway/command/show_json.h"
#include "gateway/command/tenant_session.h"
#include "gateway/json/read.h"
#include "tenants/people/people_upload.h"

namespace kaogong::gateway {

namespace {

/// Shows a refusal as `people load` in PostgreSQL does: its faulty lines, or why nothing could be read at all.
int show_refusal(const client::Response& refusal, const CommandLine& line) {
  const auto read = json::read(refusal.body);
  const auto* document = std::get_if<json::Document>(&read);
  const auto refused = document != nullptr ? document->root().find("refused") : std::nullopt;
  if (!refused) return fail(client::problem_text(refusal));
  print_rejects(*refused, std::string(tenants::kPeopleFile), line.text("--lang") == "zh");
  const auto total = member_text(document->root(), "faults_total");
  const uint64_t shown = refused->size(), all = json::is_number(total) ? std::stoull(total) : shown;
  if (all > shown)
    std::fprintf(stderr, "kaogong: and %llu faults more\n", static_cast<unsigned long long>(all - shown));
  return fail("nothing was stored: " + std::to_string(all) + " faults");
}

}  // namespace

int remote_people_load(client::Client& client, const CommandLine& line) {
  const auto from = day_of(line.text("--from"));
  if (!from) return kNothingDone;
  auto request = request_to("PUT", "/v1/people?from=" + api::escaped_segment(line.text("--from")));
  request.content_type = "text/csv";
  request.body_path = line.text("file");
  const auto answer = client.call(request);
  if (const auto* failure = std::get_if<client::CallFailure>(&answer)) return fail(failure->message);
  const auto& response = std::get<client::Response>(answer);
  if (!response.is_good()) return show_refusal(response, line);
  const auto read = json::read(response.body);
  const auto* document = std::get_if<json::Document>(&read);
  if (document == nullptr) return fail("the server's answer is no JSON");
  const auto root = document->root();
  std::printf("%s lines, %s people added, %s versions of attributes\n", member_text(root, "lines").c_str(),
              member_text(root, "added").c_str(), member_text(root, "changed").c_str());
  return kDone;
}

}  // namespace kaogong::gateway
