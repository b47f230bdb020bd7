// Runs test cases of the DMN Technology Compatibility Kit.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/dmn/model.h"

namespace kaogong::dmn {

enum class TckStatus : uint8_t { kSuccess, kError, kIgnored };
/// "SUCCESS", "ERROR", "IGNORED": as vendors submit it.
std::string_view to_string(TckStatus status);

/// What came of one test case; `comment` says what was wrong.
struct TckResult {
  std::string case_id;
  TckStatus status = TckStatus::kError;
  std::string comment;
  bool rounded = false;  // a success whose numbers agree in kDecimalsRounded decimals only
};

/// Runs every test case of a test file against its model. Numbers are compared exactly. Where the kit shows
/// kDecimalsRounded decimals or more it has itself rounded or cut its value, often one computed in binary floating
/// point, which is wrong from the eleventh decimal on: there both values are compared after rounding to the decimals
/// shown, at most kDecimalsRounded; the comment of such a success says so if the digits beyond differ. If the model or
/// the tests cannot be read, the one result (or each) is an error.
std::vector<TckResult> run_tck_tests(std::string_view model_bytes, const ImportResolver& resolver,
                                     std::string_view test_bytes);
/// The model file that a test file names. Empty: not a test file.
std::optional<std::string> model_name_of(std::string_view test_bytes);

inline constexpr int kDecimalsRounded = 8;

}  // namespace kaogong::dmn
