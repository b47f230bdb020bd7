// Answers that are no problem.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/scheme/document.h"
#include "gateway/api/problem.h"
#include "gateway/json/writer.h"
#include "tenants/sheet/line_answer.h"

namespace kaogong::api {

/// A JSON document; the writer's is taken.
http::Response answer(int status, std::string json);
inline http::Response answer(int status, json::Writer& writer) { return answer(status, writer.take()); }
/// 204.
http::Response no_content();

/// Writes a member with the texts of both languages: `"name": {"zh": …, "en": …}`.
void write_labels(json::Writer& writer, std::string_view name, const scheme::Labels& labels);

/// Writes the members `column`, `value` and `error` of a faulty line.
void write_fault(json::Writer& writer, const tenants::LineAnswer& fault);

/// The tag of a representation: strong, and the same for the same bytes on every server.
std::string etag_of(std::string_view content);
/// A GET's answer with its ETag; 304 if `If-None-Match` has it.
http::Response tagged(const http::Request& request, std::string_view json);
/// The same with the tag known. `if_none_match`: the request's; null: it says none. `fields`: other fields of the
/// answer.
http::Response tagged(const std::string* if_none_match, std::string_view tag, std::string_view json,
                      http::AnswerFields fields = {});
/// Nothing: `If-Match` names what is there now (`current`: its tag), or is `*`. Else 428 (it is missing), 412, or 400.
/// Ask it in the transaction that changes, behind a lock.
std::optional<http::Response> check_if_match(const http::Request& request, std::string_view current);

}  // namespace kaogong::api
