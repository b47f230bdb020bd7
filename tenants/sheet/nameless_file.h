// Files without a name, for what waits until all of it has come.
#pragma once

#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

namespace kaogong::tenants {

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using OpenFile = std::unique_ptr<std::FILE, CloseFile>;

/// A temporary file that is gone when this is, or when the process is killed. One thread at a time.
class NamelessFile {
 public:
  NamelessFile() : file_(std::tmpfile()), good_(file_ != nullptr) {}

  /// Whether it could be made, and took everything until now.
  bool is_good() const { return good_; }
  void write(std::string_view bytes);
  /// Call it after the last write(). False: not all of it is there.
  bool finish();
  /// Under which it can be opened, any number of times, while this lives. Precondition: is_good().
  std::string path() const;
  /// Opens it at its beginning; null: it cannot be read.
  OpenFile open() const;

 private:
  OpenFile file_;
  bool good_;
};

/// Texts of any content, one after another: read_sized() reads what append_sized() made; false: the end.
void append_sized(std::string* out, std::string_view text);
bool read_sized(std::FILE* file, std::string* text);

}  // namespace kaogong::tenants
