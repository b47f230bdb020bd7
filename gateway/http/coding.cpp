#include "gateway/http/coding.h"

#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <new>

namespace kaogong::http {

namespace {

constexpr int kGzipWindow = 15 + 16;  // the largest window, in gzip's own frame
constexpr int kGzipLevel = 5;
constexpr int kZstdLevel = 3;
constexpr int kZstdWindowLogMax = 23;  // 8 MiB: what RFC 9659 asks every client to take
constexpr size_t kStepBytes = size_t{16} << 10;

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

/// The weight in thousandths behind `q=`; 0 for a text of another form.
int weight_of(std::string_view text) {
  if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1')) return 0;
  int weight = (text[0] - '0') * 1000;
  if (text.size() == 1) return weight;
  if (text[1] != '.') return 0;
  int digit_weight = 100;
  for (const char c : text.substr(2)) {
    if (c < '0' || c > '9') return 0;
    weight += (c - '0') * digit_weight;
    digit_weight /= 10;
  }
  return std::min(weight, 1000);
}

bool is(std::string_view text, std::string_view lower_case) {
  return text.size() == lower_case.size() &&
         std::equal(text.begin(), text.end(), lower_case.begin(),
                    [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b; });
}

}  // namespace

std::string_view to_text(Coding coding) {
  return coding == Coding::kGzip ? "gzip" : coding == Coding::kZstd ? "zstd" : "identity";
}

Coding choose_coding(std::string_view accept_encoding) {
  int gzip = -1, zstd = -1, any = 0;
  while (!accept_encoding.empty()) {
    const size_t comma = std::min(accept_encoding.find(','), accept_encoding.size());
    const auto one = accept_encoding.substr(0, comma);
    accept_encoding.remove_prefix(std::min(comma + 1, accept_encoding.size()));
    const size_t semicolon = std::min(one.find(';'), one.size());
    const auto name = trimmed(one.substr(0, semicolon));
    int weight = 1000;
    if (semicolon < one.size()) {
      const auto parameter = trimmed(one.substr(semicolon + 1));
      weight = parameter.starts_with("q=") || parameter.starts_with("Q=") ? weight_of(parameter.substr(2)) : 0;
    }
    if (is(name, "gzip") || is(name, "x-gzip")) gzip = weight;
    if (is(name, "zstd")) zstd = weight;
    if (name == "*") any = weight;
  }
  if (gzip < 0) gzip = any;
  if (zstd < 0) zstd = any;
  if (zstd > 0 && zstd >= gzip) return Coding::kZstd;
  return gzip > 0 ? Coding::kGzip : Coding::kIdentity;
}

std::optional<Coding> parse_coding(std::string_view content_encoding) {
  const auto name = trimmed(content_encoding);
  if (is(name, "identity")) return Coding::kIdentity;
  if (is(name, "gzip") || is(name, "x-gzip")) return Coding::kGzip;
  if (is(name, "zstd")) return Coding::kZstd;
  return std::nullopt;
}

bool is_compressible(std::string_view content_type) {
  const auto type = trimmed(content_type.substr(0, std::min(content_type.find(';'), content_type.size())));
  return (type.starts_with("text/") && type != "text/event-stream") || type == "application/json" ||
         type.ends_with("+json") || type.ends_with("+xml") || type == "application/x-ndjson" ||
         type == "application/x-tar" || type == "application/javascript" || type == "application/yaml" ||
         type == "application/xml";
}

struct Encoder::State {
  bool gzip;
  z_stream deflate{};
  ZSTD_CStream* zstd = nullptr;

  void run_gzip(std::string_view bytes, int how, std::string* out) {
    std::array<unsigned char, kStepBytes> step;
    // zlib does not write to its input.
    deflate.next_in = reinterpret_cast<unsigned char*>(const_cast<char*>(bytes.data()));
    for (size_t left = bytes.size();;) {
      const size_t now = std::min(left, kStepBytes);
      deflate.avail_in = static_cast<unsigned>(now);
      left -= now;
      const int mode = left == 0 ? how : Z_NO_FLUSH;
      do {
        deflate.next_out = step.data();
        deflate.avail_out = kStepBytes;
        ::deflate(&deflate, mode);
        out->append(reinterpret_cast<const char*>(step.data()), kStepBytes - deflate.avail_out);
      } while (deflate.avail_out == 0);
      if (left == 0) return;
    }
  }

  void run_zstd(std::string_view bytes, ZSTD_EndDirective how, std::string* out) {
    std::array<char, kStepBytes> step;
    ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
    for (;;) {
      ZSTD_outBuffer piece{step.data(), step.size(), 0};
      const size_t left = ZSTD_compressStream2(zstd, &piece, &in, how);
      out->append(step.data(), piece.pos);
      if (ZSTD_isError(left) != 0) return;
      if (how == ZSTD_e_continue ? in.pos == in.size : left == 0) return;
    }
  }
};

Encoder::Encoder(Coding coding) : state_(std::make_unique<State>()) {
  state_->gzip = coding == Coding::kGzip;
  if (state_->gzip) {
    if (::deflateInit2(&state_->deflate, kGzipLevel, Z_DEFLATED, kGzipWindow, 8, Z_DEFAULT_STRATEGY) != Z_OK)
      throw std::bad_alloc();
    return;
  }
  state_->zstd = ZSTD_createCStream();
  if (state_->zstd == nullptr) throw std::bad_alloc();
  ZSTD_CCtx_setParameter(state_->zstd, ZSTD_c_compressionLevel, kZstdLevel);
  ZSTD_CCtx_setParameter(state_->zstd, ZSTD_c_checksumFlag, 1);  // as gzip has one
  ZSTD_CCtx_setParameter(state_->zstd, ZSTD_c_windowLog, 20);    // 1 MiB: enough, and bounded memory
}

Encoder::~Encoder() {
  if (state_->gzip) ::deflateEnd(&state_->deflate);
  ZSTD_freeCStream(state_->zstd);
}

void Encoder::put(std::string_view bytes, std::string* out) {
  if (bytes.empty()) return;
  if (state_->gzip) {
    state_->run_gzip(bytes, Z_NO_FLUSH, out);
  } else {
    state_->run_zstd(bytes, ZSTD_e_continue, out);
  }
}

void Encoder::flush(std::string* out) {
  if (state_->gzip) {
    state_->run_gzip({}, Z_SYNC_FLUSH, out);
  } else {
    state_->run_zstd({}, ZSTD_e_flush, out);
  }
}

void Encoder::finish(std::string* out) {
  if (state_->gzip) {
    state_->run_gzip({}, Z_FINISH, out);
  } else {
    state_->run_zstd({}, ZSTD_e_end, out);
  }
}

struct Decoder::Impl {
  bool gzip;
  z_stream inflate{};
  ZSTD_DStream* zstd = nullptr;
  bool ended = false;
  uint64_t in_bytes = 0, out_bytes = 0;

  State run_gzip(std::string_view* in, std::span<char> out, size_t* bytes) {
    const size_t take = std::min(in->size(), kStepBytes);
    inflate.next_in = reinterpret_cast<unsigned char*>(const_cast<char*>(in->data()));
    inflate.avail_in = static_cast<unsigned>(take);
    inflate.next_out = reinterpret_cast<unsigned char*>(out.data());
    inflate.avail_out = static_cast<unsigned>(std::min(out.size(), kStepBytes));
    const unsigned room = inflate.avail_out;
    const int result = ::inflate(&inflate, Z_NO_FLUSH);
    in->remove_prefix(take - inflate.avail_in);
    *bytes = room - inflate.avail_out;
    if (result == Z_STREAM_END) return State::kEnd;
    return result == Z_OK || result == Z_BUF_ERROR ? State::kMore : State::kMalformed;
  }

  State run_zstd(std::string_view* in, std::span<char> out, size_t* bytes) {
    ZSTD_inBuffer from{in->data(), std::min(in->size(), kStepBytes), 0};
    ZSTD_outBuffer to{out.data(), std::min(out.size(), kStepBytes), 0};
    const size_t result = ZSTD_decompressStream(zstd, &to, &from);
    in->remove_prefix(from.pos);
    *bytes = to.pos;
    if (ZSTD_isError(result) != 0) return State::kMalformed;
    return result == 0 ? State::kEnd : State::kMore;
  }
};

Decoder::Decoder(Coding coding) : impl_(std::make_unique<Impl>()) {
  impl_->gzip = coding == Coding::kGzip;
  if (impl_->gzip) {
    if (::inflateInit2(&impl_->inflate, kGzipWindow) != Z_OK) throw std::bad_alloc();
    return;
  }
  impl_->zstd = ZSTD_createDStream();
  if (impl_->zstd == nullptr) throw std::bad_alloc();
  ZSTD_DCtx_setParameter(impl_->zstd, ZSTD_d_windowLogMax, kZstdWindowLogMax);
}

Decoder::~Decoder() {
  if (impl_->gzip) ::inflateEnd(&impl_->inflate);
  ZSTD_freeDStream(impl_->zstd);
}

Decoder::State Decoder::step(std::string_view* in, std::span<char> out, size_t* bytes) {
  *bytes = 0;
  if (impl_->ended) {
    if (in->empty()) return State::kEnd;
    impl_->ended = false;  // another member, another frame
    if (impl_->gzip && ::inflateReset(&impl_->inflate) != Z_OK) return State::kMalformed;
  }
  const size_t before = in->size();
  const State state = impl_->gzip ? impl_->run_gzip(in, out, bytes) : impl_->run_zstd(in, out, bytes);
  impl_->in_bytes += before - in->size();
  impl_->out_bytes += *bytes;
  impl_->ended = state == State::kEnd;
  if (impl_->out_bytes > kUnpackedFreeBytes && impl_->out_bytes / kUnpackRatioMax > impl_->in_bytes)
    return State::kTooMuch;
  return state;
}

bool Decoder::is_complete() const { return impl_->ended; }

}  // namespace kaogong::http
