// What each type of problem means and what to do, for those who call.
#pragma once

#include <string_view>

#include "gateway/api/problem.h"

namespace kaogong::api {

std::string_view about(ProblemCode code);

}  // namespace kaogong::api
