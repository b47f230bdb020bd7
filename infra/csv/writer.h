// Writing a CSV file: all of it or nothing of it.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace kaogong::csv {

/// Appends a field, in quotes only where it must be: with a comma, a quote, or a line end inside.
void append_field(std::string* out, std::string_view value);

/// A file that appears under its name only when it is finished: until then it has no name at all, so that nothing is
/// left of a program that is killed; or, where the file system has no files without a name, another one in the same
/// folder.
class Writer {
 public:
  /// Opens the file; nothing, and why in `error`, if that fails or `path` is a folder.
  static std::unique_ptr<Writer> create(const std::string& path, std::string* error);
  /// Leaves nothing behind if finish() was not called or failed.
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  /// Writes bytes in large blocks. Errors are kept for finish().
  void write(std::string_view bytes);
  /// Writes what is left and waits for the disk: then finish() has only the name to give. False, and why in `error`, if
  /// anything failed.
  bool sync(std::string* error);
  /// The same, and gives the file its name, in place of an older file.
  bool finish(std::string* error);

 private:
  Writer(int fd, std::string path, std::string temporary);
  void write_out(std::string_view bytes);
  bool give_name();

  int fd_;
  std::string path_, temporary_;  // temporary_: empty while the file has no name
  std::string buffer_;
  std::string error_;
  size_t flushed_bytes_ = 0, started_bytes_ = 0;
  bool synced_ = false;
};

}  // namespace kaogong::csv
