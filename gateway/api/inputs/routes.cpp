#include "gateway/api/inputs/routes.h"

#include "gateway/api/inputs/handlers.h"

namespace kaogong::api {

using http::BodyKind;
using http::Lane;
using http::Method;
using tenants::Scope;

namespace {

constexpr size_t kEntryBytesMax = size_t{4} << 20;

/// The entries of sheets by employee, and the one entry of others.
void add_entry_routes(http::RouteTable& routes) {
  struct Kind {
    std::string_view pattern, history, names[5];
  };
  static constexpr Kind kKinds[] = {
      {"/v1/inputs/{scheme}/{period}/sheets/{sheet}/entries/{employee}",
       "/v1/inputs/{scheme}/{period}/sheets/{sheet}/entries/{employee}/history",
       {"getEntry", "putEntry", "patchEntry", "deleteEntry", "listEntryVersions"}},
      {"/v1/inputs/{scheme}/{period}/sheets/{sheet}/entry",
       "/v1/inputs/{scheme}/{period}/sheets/{sheet}/entry/history",
       {"getSheetEntry", "putSheetEntry", "patchSheetEntry", "deleteSheetEntry", "listSheetEntryVersions"}},
  };
  for (const auto& kind : kKinds) {
    const auto read = [&](std::string_view pattern, std::string_view id, http::Response (*handler)(Call&)) {
      routes.add({.pattern = pattern,
                  .operation_id = id,
                  .scope = Scope::kInputsRead,
                  .or_scope = Scope::kRatingsWrite,
                  .handler = handler});
    };
    const auto change = [&](Method method, std::string_view id, BodyKind body, http::Response (*handler)(Call&)) {
      routes.add({.method = method,
                  .pattern = kind.pattern,
                  .operation_id = id,
                  .scope = Scope::kInputsWrite,
                  .or_scope = Scope::kRatingsWrite,
                  .body = body,
                  .body_bytes_max = kEntryBytesMax,
                  .needs_idempotency_key = true,
                  .handler = handler});
    };
    read(kind.pattern, kind.names[0], get_entry);
    change(Method::kPut, kind.names[1], BodyKind::kJson, put_entry);
    change(Method::kPatch, kind.names[2], BodyKind::kJson, patch_entry);
    change(Method::kDelete, kind.names[3], BodyKind::kNone, delete_entry);
    read(kind.history, kind.names[4], get_entry_history);
  }
}

}  // namespace

void add_inputs_routes(http::RouteTable& routes) {
  const auto read = [&](std::string_view pattern, std::string_view id, Lane lane, http::Response (*handler)(Call&)) {
    routes.add({.pattern = pattern, .operation_id = id, .scope = Scope::kInputsRead, .lane = lane, .handler = handler});
  };
  read("/v1/inputs/{scheme}/{period}", "describeInputs", Lane::kInteractive, describe_inputs);
  read("/v1/inputs/{scheme}/{period}/changes", "listInputChanges", Lane::kInteractive, list_input_changes);
  read("/v1/inputs/{scheme}/{period}/sheets/{sheet}", "readRows", Lane::kBulk, read_rows);
  routes.add({.method = Method::kPost,
              .pattern = "/v1/inputs/{scheme}/{period}/check",
              .operation_id = "checkInputs",
              .scope = Scope::kInputsRead,
              .lane = Lane::kBulk,
              .handler = check_inputs});
  // The same rows again change nothing: an upload needs no key of its own.
  routes.add({.method = Method::kPost,
              .pattern = "/v1/inputs/{scheme}/{period}/sheets/{sheet}",
              .operation_id = "uploadRows",
              .scope = Scope::kInputsWrite,
              .body = BodyKind::kStream,
              .lane = Lane::kBulk,
              .handler = upload_rows});
  add_entry_routes(routes);
}

}  // namespace kaogong::api
