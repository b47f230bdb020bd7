// The handlers of this room; routes.cpp says which path each has.
#pragma once

#include "gateway/api/call.h"
#include "gateway/http/message.h"

namespace kaogong::api {

// describe_inputs.cpp
http::Response describe_inputs(Call& call);
http::Response list_input_changes(Call& call);
http::Response check_inputs(Call& call);
// single_entries.cpp
http::Response get_entry(Call& call);
http::Response get_entry_history(Call& call);
http::Response put_entry(Call& call);
http::Response patch_entry(Call& call);
http::Response delete_entry(Call& call);
// upload_rows.cpp
http::Response upload_rows(Call& call);
// read_rows.cpp
http::Response read_rows(Call& call);

}  // namespace kaogong::api
