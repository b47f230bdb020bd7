#include "infra/postgres/copy.h"
#include "infra/postgres/error.h"
#include "infra/postgres/transaction_impl.h"
#include "infra/postgres/wire.h"

namespace kaogong::postgres {

namespace {

constexpr std::string_view kSignature("PGCOPY\n\377\r\n\0", 11);
constexpr size_t kFlagsBytes = 4;

[[noreturn]] void malformed() { throw Error(ErrorCode::kUnexpectedValue, "a binary COPY that cannot be read"); }

std::string parenthesised(std::string_view query) { return "(" + std::string(query) + ")"; }

// Takes an integer off the front.
template <typename T>
T take(std::string_view* bytes) {
  if (bytes->size() < sizeof(T)) malformed();
  const T value = wire::load<T>(bytes->data());
  bytes->remove_prefix(sizeof(T));
  return value;
}

void skip_header(std::string_view* bytes) {
  if (!bytes->starts_with(kSignature)) malformed();
  bytes->remove_prefix(kSignature.size());
  if (bytes->size() < kFlagsBytes) malformed();
  bytes->remove_prefix(kFlagsBytes);
  const auto extension = take<int32_t>(bytes);
  if (extension < 0 || static_cast<size_t>(extension) > bytes->size()) malformed();
  bytes->remove_prefix(static_cast<size_t>(extension));
}

char unescape(char c) {
  switch (c) {
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    case 'v':
      return '\v';
    default:
      return c;
  }
}

}  // namespace

CopyOut::CopyOut(Transaction& transaction, const std::string& source, std::string_view format)
    : transaction_(transaction.impl_.get()) {
  const std::string sql = "copy " + source + " to stdout (format " + std::string(format) + ")";
  Connection& connection = transaction_->ready();
  transaction_->guarded([&] { connection.copy_begin(sql, false); });
  transaction_->copying = true;
}

CopyOut::~CopyOut() {
  if (!open_ || !transaction_->open) return;
  transaction_->member.connection->copy_cancel();
  transaction_->copying = false;
  if (!transaction_->first_error.has_value()) {
    transaction_->first_error = Error(ErrorCode::kAborted, "a COPY was given up");
  }
}

std::optional<std::string_view> CopyOut::next_message() {
  if (!open_) return std::nullopt;
  const auto message = transaction_->guarded([&] { return transaction_->member.connection->copy_get(); });
  if (!message.has_value()) {
    open_ = false;
    transaction_->copying = false;
  }
  return message;
}

BinaryCopyOut::BinaryCopyOut(Transaction& transaction, const CopyTable& table)
    : CopyOut(transaction, table.sql(), "binary") {}
BinaryCopyOut::BinaryCopyOut(Transaction& transaction, std::string_view query)
    : CopyOut(transaction, parenthesised(query), "binary") {}

bool BinaryCopyOut::next() {
  fields_.clear();
  while (auto message = next_message()) {
    std::string_view bytes = *message;
    if (!header_read_) {
      skip_header(&bytes);
      header_read_ = true;
    }
    if (bytes.empty()) continue;  // the header came alone
    const auto count = take<int16_t>(&bytes);
    if (count < 0) continue;  // the trailer
    fields_.reserve(static_cast<size_t>(count));
    for (int16_t i = 0; i < count; ++i) {
      const auto size = take<int32_t>(&bytes);
      if (size < 0) {
        fields_.emplace_back(std::nullopt);
        continue;
      }
      if (static_cast<size_t>(size) > bytes.size()) malformed();
      fields_.emplace_back(bytes.substr(0, static_cast<size_t>(size)));
      bytes.remove_prefix(static_cast<size_t>(size));
    }
    if (!bytes.empty()) malformed();
    return true;
  }
  return false;
}

bool BinaryCopyOut::is_null(size_t field) const {
  if (field >= fields_.size()) throw Error(ErrorCode::kUnexpectedValue, "no such field of a COPY");
  return !fields_[field].has_value();
}

std::string_view BinaryCopyOut::value(size_t field) const {
  if (is_null(field)) throw Error(ErrorCode::kUnexpectedValue, "field " + std::to_string(field) + " is null");
  return *fields_[field];
}

std::string_view BinaryCopyOut::sized(size_t field, size_t bytes) const {
  const std::string_view found = value(field);
  if (found.size() != bytes) {
    throw Error(ErrorCode::kUnexpectedValue, "field " + std::to_string(field) + " has another size");
  }
  return found;
}

int64_t BinaryCopyOut::int64(size_t field) const {
  const std::string_view found = value(field);
  switch (found.size()) {
    case sizeof(int64_t):
      return wire::load<int64_t>(found.data());
    case sizeof(int32_t):
      return wire::load<int32_t>(found.data());
    default:
      return wire::load<int16_t>(sized(field, sizeof(int16_t)).data());
  }
}

bool BinaryCopyOut::boolean(size_t field) const { return sized(field, 1)[0] != 0; }
std::string_view BinaryCopyOut::text(size_t field) const { return value(field); }

std::span<const std::byte> BinaryCopyOut::bytes(size_t field) const {
  const std::string_view found = value(field);
  return {reinterpret_cast<const std::byte*>(found.data()), found.size()};
}

int64_t BinaryCopyOut::day(size_t field) const {
  return wire::load<int32_t>(sized(field, sizeof(int32_t)).data()) + wire::kEpochDays;
}

int64_t BinaryCopyOut::timestamp_us(size_t field) const {
  return wire::load<int64_t>(sized(field, sizeof(int64_t)).data()) + wire::kEpochMicroseconds;
}

TextCopyOut::TextCopyOut(Transaction& transaction, const CopyTable& table)
    : CopyOut(transaction, table.sql(), "text") {}
TextCopyOut::TextCopyOut(Transaction& transaction, std::string_view query)
    : CopyOut(transaction, parenthesised(query), "text") {}

bool TextCopyOut::next() {
  fields_.clear();
  auto message = next_message();
  if (!message.has_value()) return false;
  std::string_view line = *message;
  if (line.ends_with('\n')) line.remove_suffix(1);
  unescaped_.clear();
  unescaped_.reserve(line.size());  // so that views into it stay: it only shrinks
  size_t at = 0;
  while (true) {
    const size_t end = std::min(line.find('\t', at), line.size());
    const std::string_view raw = line.substr(at, end - at);
    if (raw == "\\N") {
      fields_.emplace_back(std::nullopt);
    } else {
      const size_t begin = unescaped_.size();
      for (size_t i = 0; i < raw.size(); ++i) {
        const bool escaped = raw[i] == '\\' && i + 1 < raw.size();
        unescaped_ += escaped ? unescape(raw[++i]) : raw[i];
      }
      fields_.emplace_back(std::string_view(unescaped_).substr(begin));
    }
    if (end == line.size()) return true;
    at = end + 1;
  }
}

std::optional<std::string_view> TextCopyOut::text(size_t field) const {
  if (field >= fields_.size()) throw Error(ErrorCode::kUnexpectedValue, "no such field of a COPY");
  return fields_[field];
}

}  // namespace kaogong::postgres
