// Runs as the API says them.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "gateway/api/call.h"
#include "gateway/json/body.h"
#include "gateway/json/writer.h"
#include "tenants/registry/result.h"
#include "tenants/runs/run.h"

namespace kaogong::api {

/// A run as an object.
void write_run(json::Writer& writer, const runs::Run& run);
std::string run_json(const runs::Run& run);

/// The run that the path names, which is its only or first part. Failure kNotFound, also for what is no number.
tenants::Result<runs::RunId> run_in_path(const Call& call, size_t value = 0);
tenants::Result<runs::Run> read_run(Call& call, runs::RunId id);

/// An object of texts, numbers and truths as the CSV `name,value` that parameters are; empty: it is not there.
std::string parameters_in(json::BodyReader& body, std::string_view name);
inline constexpr size_t kParametersMax = 1'000;

}  // namespace kaogong::api
