// Reading an archive as it comes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace kaogong::tar {

/// What is done with the files of an archive. False: nothing more is wanted.
class Files {
 public:
  virtual ~Files() = default;
  virtual bool begin(std::string_view name, uint64_t bytes) = 0;
  virtual bool write(std::string_view bytes) = 0;
  /// All bytes of the file are there.
  virtual bool end() = 0;
};

/// Takes an archive apart: plain files only, any other entry is a fault, so that nothing is made but what `files`
/// makes. Names come as they are; whoever makes files of them looks at them first. Memory: a header.
class Reader {
 public:
  /// `files` outlives it.
  explicit Reader(Files& files) : files_(files) {}

  /// The next bytes, as many as there are. False: fault(), or empty if `files` wanted no more. Not to be called again
  /// then. What comes behind the end is not looked at.
  bool take(std::string_view bytes);
  /// Whether the archive's end has come.
  bool is_whole() const { return state_ == State::kEnd; }
  const std::string& fault() const { return fault_; }

 private:
  enum class State : uint8_t { kHeader, kContent, kPadding, kEnd };
  bool read_header();
  bool end_file();
  bool fail(std::string fault);

  Files& files_;
  State state_ = State::kHeader;
  std::string header_;
  uint64_t left_ = 0;       // bytes of the content, or of the padding
  uint64_t padding_ = 0;    // behind the content
  bool saw_zeros_ = false;  // one block of them: two are the end
  std::string fault_;
};

}  // namespace kaogong::tar
