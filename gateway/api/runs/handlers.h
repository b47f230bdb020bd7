// The handlers of this room; routes.cpp says which path each has.
#pragma once

#include "gateway/api/call.h"
#include "gateway/http/message.h"

namespace kaogong::api {

// create_runs.cpp
http::Response create_run(Call& call);
http::Response create_correction(Call& call);
http::Response follow_up_correction(Call& call);
http::Response create_year_end(Call& call);

// read_runs.cpp
http::Response list_runs(Call& call);
http::Response get_run(Call& call);
http::Response list_rejects(Call& call);
http::Response verify_run(Call& call);

// run_steps.cpp
http::Response start_run(Call& call);
http::Response approve_run(Call& call);
http::Response publish_run(Call& call);
http::Response cancel_run(Call& call);
http::Response void_run(Call& call);

// compare_runs.cpp
http::Response diff_runs(Call& call);
http::Response what_if_run(Call& call);

}  // namespace kaogong::api
