// Parameters that a run or a question gives, over those that were entered.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/column/column.h"
#include "engine/scheme/document.h"
#include "tenants/registry/result.h"

namespace kaogong::runs {

/// What is wrong with what was given for one parameter.
struct ParameterFault {
  std::string name, error;  // English
  friend bool operator==(const ParameterFault&, const ParameterFault&) = default;
};

/// What was given for a document's parameters.
struct GivenParameters {
  std::vector<column::Column> columns;  // in the document's order; those not given have 0 rows
  std::vector<ParameterFault> unknown;  // names of no parameter, each with which may have been meant
  std::vector<ParameterFault> faults;   // values that a parameter cannot have, or given twice
};
/// Reads CSV `name,value`; empty: none. Failures: kInvalid: it is malformed.
tenants::Result<GivenParameters> read_parameters(const scheme::Document& document, std::string_view csv);
/// The names and values of CSV `name,value`, in its order, unchecked.
std::vector<std::pair<std::string, std::string>> parameter_texts(std::string_view csv);

}  // namespace kaogong::runs
