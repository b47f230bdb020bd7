// What embed.cmake makes of the files of this folder; only templates.cpp reads it.
#pragma once

#include <span>

#include "tenants/templates/templates.h"

namespace kaogong::templates::embedded {

std::span<const Template> templates();
std::span<const DefinitionSet> definition_sets();

}  // namespace kaogong::templates::embedded
