// The server's process, put together: the one place where everything is made and handed to everything else.
#pragma once

#include <memory>
#include <string>

#include "gateway/settings/settings.h"
#include "infra/log/logger.h"

namespace kaogong::gateway {

/// Pools, services, routes, gate, HTTP server, and a worker if the settings ask for one.
class Host {
 public:
  Host(const Settings& settings, const log::Logger& logger, const clock::Clock& clock);
  ~Host();
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

  /// Connects, listens, serves. What is wrong, if that fails: then nothing is served.
  std::string start();
  uint16_t port() const;
  bool is_tls() const;
  /// Reads the certificate again. What is wrong, if that fails; the old one stays then.
  std::string reload();
  /// Says that it ends, waits `server.drain_delay_ms`, accepts no more and lets requests end. Whether all did.
  bool drain();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace kaogong::gateway
