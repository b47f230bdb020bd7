#include "tenants/sheet/nameless_file.h"

#include <cstdint>

namespace kaogong::tenants {

void NamelessFile::write(std::string_view bytes) {
  if (good_) good_ = std::fwrite(bytes.data(), 1, bytes.size(), file_.get()) == bytes.size();
}

bool NamelessFile::finish() {
  good_ = good_ && std::fflush(file_.get()) == 0;
  return good_;
}

std::string NamelessFile::path() const { return "/proc/self/fd/" + std::to_string(::fileno(file_.get())); }

OpenFile NamelessFile::open() const { return OpenFile(good_ ? std::fopen(path().c_str(), "rb") : nullptr); }

void append_sized(std::string* out, std::string_view text) {
  const auto size = static_cast<uint32_t>(text.size());
  out->append(reinterpret_cast<const char*>(&size), sizeof size).append(text);
}

bool read_sized(std::FILE* file, std::string* text) {
  uint32_t size = 0;
  if (std::fread(&size, sizeof size, 1, file) != 1) return false;
  text->resize(size);
  return std::fread(text->data(), 1, size, file) == size;
}

}  // namespace kaogong::tenants
