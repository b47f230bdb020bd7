// Content codings: gzip and zstd, of answers and of streamed bodies.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace kaogong::http {

enum class Coding : uint8_t { kIdentity, kGzip, kZstd };
std::string_view to_text(Coding coding);

/// The coding of an answer for an `Accept-Encoding`: the best liked of zstd and gzip, zstd among equals; identity if
/// neither is accepted or the text has another form.
Coding choose_coding(std::string_view accept_encoding);
/// The coding of a body by its `Content-Encoding`; nothing for one that the server does not take.
std::optional<Coding> parse_coding(std::string_view content_encoding);
/// Whether content of that type becomes smaller: text, JSON, XML, CSV and the like.
bool is_compressible(std::string_view content_type);

/// Packs. One thread at a time.
class Encoder {
 public:
  /// Precondition: not kIdentity.
  explicit Encoder(Coding coding);
  ~Encoder();
  Encoder(const Encoder&) = delete;
  Encoder& operator=(const Encoder&) = delete;

  /// Appends to `out` what is ready.
  void put(std::string_view bytes, std::string* out);
  /// Appends everything that was put so far, so that the other side can read it.
  void flush(std::string* out);
  void finish(std::string* out);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// A packed body may become so many times larger, beyond kUnpackedFreeBytes.
inline constexpr uint64_t kUnpackRatioMax = 100;
inline constexpr uint64_t kUnpackedFreeBytes = uint64_t{1} << 20;

/// Unpacks a body that comes in pieces. One thread at a time.
class Decoder {
 public:
  /// Precondition: not kIdentity.
  explicit Decoder(Coding coding);
  ~Decoder();
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

  enum class State : uint8_t { kMore, kEnd, kMalformed, kTooMuch };
  /// Takes bytes off the front of `*in` and puts unpacked ones into `out`: `*bytes` of them. kMore without bytes: it
  /// needs more input. kEnd: the packed content is complete; more input begins anew behind it, as several gzip
  /// files make one. kTooMuch: the ratio is beyond kUnpackRatioMax.
  State step(std::string_view* in, std::span<char> out, size_t* bytes);
  /// Whether the input may end here.
  bool is_complete() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace kaogong::http
