#include "infra/cluster/log_tail.h"

#include <algorithm>
#include <fstream>
#include <iterator>

namespace kaogong::cluster {

std::string end_of_log(const std::filesystem::path& log) {
  constexpr std::streamoff kBytesMax = 4000;
  std::ifstream file(log, std::ios::binary | std::ios::ate);
  if (!file) return {};
  const std::streamoff size = file.tellg();
  file.seekg(std::max<std::streamoff>(0, size - kBytesMax));
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace kaogong::cluster
