// Chinese names for generated people and departments.
#pragma once

#include <cstdint>
#include <string>

#include "tenants/generate/random.h"

namespace kaogong::generate {

/// Appends a surname and a given name of one or two characters: 李明轩.
void append_person_name(std::string* out, Random& random);

/// Appends the name of the department with that number (from 1): 华东业务一部. Different numbers have different names.
void append_department_name(std::string* out, uint64_t number);

}  // namespace kaogong::generate
