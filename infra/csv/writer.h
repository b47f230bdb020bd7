// Writing a CSV file: all of it or nothing of it.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace kaogong::csv {

/// Appends a field, in quotes only where it must be: with a comma, a quote, or a line end inside.
void append_field(std::string* out, std::string_view value);

/// A file that appears under its name only when it is finished: until then it has another name in the same folder.
class Writer {
 public:
  /// Opens the temporary file; nothing, and why in `error`, if that fails.
  static std::unique_ptr<Writer> create(const std::string& path, std::string* error);
  /// Removes the temporary file if finish() was not called or failed.
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  /// Writes bytes in large blocks. Errors are kept for finish().
  void write(std::string_view bytes);
  /// Writes what is left, waits for the disk, and gives the file its name. False, and why in `error`, if anything
  /// failed.
  bool finish(std::string* error);

 private:
  Writer(int fd, std::string path, std::string temporary);
  void write_out(std::string_view bytes);

  int fd_;
  std::string path_, temporary_;
  std::string buffer_;
  std::string error_;
  size_t flushed_bytes_ = 0, started_bytes_ = 0;
  bool finished_ = false;
};

}  // namespace kaogong::csv
