// Bodies on their way between an io thread and the thread of a handler: bounded, so that the slower side holds the
// other back.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/http/coding.h"
#include "gateway/http/message.h"

namespace kaogong::http {

/// Bytes of a body that wait for the other side.
inline constexpr size_t kStreamBytesMax = size_t{256} << 10;
/// The io thread is told of an answer's bytes when so many are together, or somebody flushes.
inline constexpr size_t kStreamPieceBytes = size_t{16} << 10;

/// A request's body: an io thread puts, a handler reads.
class Upload final : public BodySource {
 public:
  /// `on_wanted` is called by the handler's thread when it begins to wait for more, or has made room.
  explicit Upload(std::function<void()> on_wanted) : on_wanted_(std::move(on_wanted)) {}

  Part read(std::span<char> into) override;

  // The io thread's side:
  /// Whether the handler has asked for a byte yet.
  bool is_wanted() const;
  bool has_room() const;
  /// Precondition: has_room(). May go beyond the bound by the size of the bytes.
  void put(std::string_view bytes);
  /// What reads give when the bytes are used up. Only the first call counts.
  void end(State state);

 private:
  const std::function<void()> on_wanted_;
  mutable std::mutex mutex_;
  std::condition_variable came_;
  std::string bytes_;
  size_t taken_ = 0;
  bool wanted_ = false;
  std::optional<State> end_;
};

/// Unpacks what another source gives, and bounds it.
class UnpackedSource final : public BodySource {
 public:
  UnpackedSource(BodySource& packed, Coding coding, uint64_t bytes_max);
  Part read(std::span<char> into) override;

 private:
  Part give(size_t bytes);
  Part end(State state);

  BodySource& packed_;
  std::optional<Decoder> decoder_;
  uint64_t bytes_left_;
  std::string piece_;
  std::string_view rest_;  // of the piece
  std::optional<State> end_;
};

/// An answer's body: a handler writes, an io thread takes.
class Download final : public BodySink {
 public:
  /// `on_ready` is called by the handler's thread when there is something to take.
  Download(Coding coding, std::function<void()> on_ready);

  bool write(std::string_view bytes) override;
  bool flush() override;
  /// The handler is done. Not whole: the client must see that there is an end that was not meant.
  void finish(bool whole);

  // The io thread's side:
  struct Taken {
    bool ended = false;  // nothing comes after these bytes
    bool whole = false;
  };
  /// Puts the bytes that wait into `*out`, which must be empty.
  Taken take(std::string* out);
  /// The client is gone or too slow: writes fail from now on.
  void close();

 private:
  void append(std::string_view bytes);
  /// Whether the io thread is to be told. Precondition: the mutex is held.
  bool mark_ready();

  const std::function<void()> on_ready_;
  std::optional<Encoder> encoder_;
  std::mutex mutex_;
  std::condition_variable room_;
  std::string bytes_;
  bool told_ = false, ended_ = false, whole_ = false, closed_ = false;
};

}  // namespace kaogong::http
