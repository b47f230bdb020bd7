// Problem documents (RFC 9457) for people to read.
#pragma once

#include <string>

#include "gateway/client/client.h"

namespace kaogong::client {

/// What an answer that is a refusal says: its title and detail, and a line for each of its errors; of anything else
/// its status and the beginning of its body. Ends without a line end.
std::string problem_text(const Response& response);

/// The last part of the problem's type (`rate_limited`); empty: it says none.
std::string problem_code(const Response& response);

}  // namespace kaogong::client
