#include "gateway/http/body_streams.h"

#include <algorithm>
#include <cstring>

namespace kaogong::http {

Upload::Part Upload::read(std::span<char> into) {
  if (into.empty()) return {0, State::kMore};
  std::unique_lock lock(mutex_);
  wanted_ = true;
  if (bytes_.size() == taken_ && !end_) {
    lock.unlock();
    on_wanted_();
    lock.lock();
    came_.wait(lock, [this] { return bytes_.size() > taken_ || end_.has_value(); });
  }
  const size_t waiting = bytes_.size() - taken_;
  if (waiting == 0) return {0, *end_};
  const size_t bytes = std::min(into.size(), waiting);
  std::memcpy(into.data(), bytes_.data() + taken_, bytes);
  taken_ += bytes;
  if (taken_ == bytes_.size()) {
    bytes_.clear();
    taken_ = 0;
  }
  const bool has_made_room = waiting >= kStreamBytesMax / 2 && waiting - bytes < kStreamBytesMax / 2;
  lock.unlock();
  if (has_made_room) on_wanted_();
  return {bytes, State::kMore};
}

bool Upload::is_wanted() const {
  const std::lock_guard lock(mutex_);
  return wanted_;
}

bool Upload::has_room() const {
  const std::lock_guard lock(mutex_);
  return bytes_.size() - taken_ < kStreamBytesMax / 2;
}

void Upload::put(std::string_view bytes) {
  {
    const std::lock_guard lock(mutex_);
    if (end_) return;
    if (taken_ > kStreamBytesMax) {
      bytes_.erase(0, taken_);
      taken_ = 0;
    }
    bytes_ += bytes;
  }
  came_.notify_one();
}

void Upload::end(State state) {
  {
    const std::lock_guard lock(mutex_);
    if (!end_) end_ = state;
  }
  came_.notify_one();
}

UnpackedSource::UnpackedSource(BodySource& packed, Coding coding, uint64_t bytes_max)
    : packed_(packed), bytes_left_(bytes_max) {
  if (coding == Coding::kIdentity) return;
  decoder_.emplace(coding);
  piece_.resize(kStreamPieceBytes);
}

UnpackedSource::Part UnpackedSource::end(State state) {
  end_ = state;
  return {0, state};
}

UnpackedSource::Part UnpackedSource::give(size_t bytes) {
  if (bytes > bytes_left_) return end(State::kTooLarge);
  bytes_left_ -= bytes;
  return {bytes, State::kMore};
}

UnpackedSource::Part UnpackedSource::read(std::span<char> into) {
  if (end_) return {0, *end_};
  if (into.empty()) return {0, State::kMore};
  if (!decoder_) {
    const Part part = packed_.read(into);
    return part.state == State::kMore ? give(part.bytes) : end(part.state);
  }
  for (;;) {
    size_t bytes = 0;
    if (!rest_.empty() || !piece_.empty()) {
      const auto state = decoder_->step(&rest_, into, &bytes);
      if (state == Decoder::State::kMalformed) return end(State::kMalformed);
      if (state == Decoder::State::kTooMuch) return end(State::kTooLarge);
      if (bytes > 0) return give(bytes);
      if (!rest_.empty()) continue;
    }
    const Part part = packed_.read(piece_);
    if (part.state == State::kEnd) return end(decoder_->is_complete() ? State::kEnd : State::kMalformed);
    if (part.state != State::kMore) return end(part.state);
    rest_ = std::string_view(piece_).substr(0, part.bytes);
  }
}

Download::Download(Coding coding, std::function<void()> on_ready) : on_ready_(std::move(on_ready)) {
  if (coding != Coding::kIdentity) encoder_.emplace(coding);
}

void Download::append(std::string_view bytes) {
  if (encoder_) {
    encoder_->put(bytes, &bytes_);
  } else {
    bytes_ += bytes;
  }
}

bool Download::mark_ready() {
  if (told_) return false;
  return told_ = true;
}

bool Download::write(std::string_view bytes) {
  while (!bytes.empty()) {
    std::unique_lock lock(mutex_);
    room_.wait(lock, [this] { return closed_ || bytes_.size() < kStreamBytesMax; });
    if (closed_) return false;
    const auto piece = bytes.substr(0, kStreamPieceBytes);
    bytes.remove_prefix(piece.size());
    append(piece);
    const bool tell = bytes_.size() >= kStreamPieceBytes && mark_ready();
    lock.unlock();
    if (tell) on_ready_();
  }
  return true;
}

bool Download::flush() {
  std::unique_lock lock(mutex_);
  if (closed_) return false;
  if (encoder_) encoder_->flush(&bytes_);
  const bool tell = !bytes_.empty() && mark_ready();
  lock.unlock();
  if (tell) on_ready_();
  return true;
}

void Download::finish(bool whole) {
  {
    const std::lock_guard lock(mutex_);
    if (encoder_ && whole) encoder_->finish(&bytes_);
    ended_ = true;
    whole_ = whole;
  }
  on_ready_();
}

Download::Taken Download::take(std::string* out) {
  Taken taken;
  {
    const std::lock_guard lock(mutex_);
    out->swap(bytes_);
    told_ = false;
    taken = {ended_, whole_};
  }
  room_.notify_one();
  return taken;
}

void Download::close() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  room_.notify_one();
}

}  // namespace kaogong::http
