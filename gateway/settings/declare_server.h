// The keys of `kaogong serve`.
#pragma once

#include "gateway/settings/settings.h"

namespace kaogong::gateway {

void declare_server(config::Registry& registry, http::ServerOptions& server, ServeSettings& serve);

}  // namespace kaogong::gateway
