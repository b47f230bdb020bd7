// What each room says of its routes: gateway/api/<room>/openapi.yaml, put into the program when it is built.
#pragma once

#include <span>
#include <string_view>

namespace kaogong::api {

struct Fragment {
  std::string_view room;
  std::string_view yaml;
};
/// In the order in which they are shown, which is also one in which their examples can be tried.
std::span<const Fragment> openapi_fragments();

/// The page that shows the document, with its script and style sheet.
struct Viewer {
  std::string_view html, script, style;
};
const Viewer& openapi_viewer();

}  // namespace kaogong::api
