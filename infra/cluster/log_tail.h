// What a server said last. Internal to this room.
#pragma once

#include <filesystem>
#include <string>

namespace kaogong::cluster {

/// The last lines of a log, a few thousand bytes at most; empty if there is none.
std::string end_of_log(const std::filesystem::path& log);

}  // namespace kaogong::cluster
