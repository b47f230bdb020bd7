// Names in a tenant's table `counters` that several rooms use.
#pragma once

#include <string>
#include <string_view>

namespace kaogong::tenants {

/// The counter that gives the change ids of a scheme's inputs for a period: its value is their watermark, which names
/// everything that was committed up to it and nothing that comes later. `period`: as "2026-10".
inline std::string watermark_counter(std::string_view scheme_id, std::string_view period) {
  return "entries/" + std::string(scheme_id) + "/" + std::string(period);
}

}  // namespace kaogong::tenants
