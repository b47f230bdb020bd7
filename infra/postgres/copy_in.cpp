#include <charconv>
#include <utility>

#include "infra/postgres/copy.h"
#include "infra/postgres/error.h"
#include "infra/postgres/limits.h"
#include "infra/postgres/transaction_impl.h"
#include "infra/postgres/wire.h"

namespace kaogong::postgres {

namespace {

// Signature, flags, length of the header's extension.
constexpr std::string_view kBinaryHeader("PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", 19);

}  // namespace

std::string CopyTable::sql() const {
  if (columns.empty() || columns.size() > kCopyColumnsMax) {
    throw Error(ErrorCode::kInvalidData, "a COPY needs at least one column, and not too many");
  }
  std::string text = schema.quoted(table);
  std::string_view separator = " (";
  for (const std::string_view column : columns) {
    text.append(separator).append(quote_identifier(column));
    separator = ", ";
  }
  return text + ")";
}

CopyIn::CopyIn(Transaction& transaction, const CopyTable& table, std::string_view format)
    : columns_(table.columns.size()), transaction_(transaction.impl_.get()) {
  const std::string sql = "copy " + table.sql() + " from stdin (format " + std::string(format) + ")";
  Connection& connection = transaction_->ready();
  transaction_->guarded([&] { connection.copy_begin(sql, true); });
  transaction_->copying = true;
  buffer_.reserve(kCopyBufferBytes + kCopyBufferBytes / 4);
}

CopyIn::~CopyIn() {
  if (!open_ || !transaction_->open) return;
  transaction_->member.connection->copy_cancel();
  transaction_->copying = false;
  if (!transaction_->first_error.has_value()) {
    transaction_->first_error = Error(ErrorCode::kAborted, "a COPY was given up");
  }
}

void CopyIn::check_row() const {
  if (rows_ > 0 && fields_ != columns_) {
    throw Error(ErrorCode::kUnexpectedValue,
                "a row with " + std::to_string(fields_) + " fields instead of " + std::to_string(columns_));
  }
}

void CopyIn::begin_row() {
  check_row();
  fields_ = 0;
  ++rows_;
}

void CopyIn::count_field() {
  if (rows_ == 0 || fields_ == columns_) {
    throw Error(ErrorCode::kUnexpectedValue, "a field outside of a row, or more fields than columns");
  }
  ++fields_;
}

void CopyIn::send() {
  transaction_->guarded([&] { transaction_->member.connection->copy_put(buffer_); });
  buffer_.clear();
}

int64_t CopyIn::finish() {
  if (!open_) throw Error(ErrorCode::kUnexpectedValue, "the COPY is over");
  check_row();
  append_end();
  if (!buffer_.empty()) send();
  open_ = false;
  transaction_->copying = false;
  return transaction_->guarded([&] { return transaction_->member.connection->copy_finish(); });
}

BinaryCopyIn::BinaryCopyIn(Transaction& transaction, const CopyTable& table) : CopyIn(transaction, table, "binary") {
  buffer_.append(kBinaryHeader);
}

void BinaryCopyIn::append_end() { wire::append(&buffer_, int16_t{-1}); }

BinaryCopyIn& BinaryCopyIn::row() {
  begin_row();
  send_if_full();
  wire::append(&buffer_, static_cast<int16_t>(columns_));
  return *this;
}

void BinaryCopyIn::begin_field(size_t bytes) {
  if (bytes > kValueBytesMax) throw Error(ErrorCode::kInvalidData, "a field of a COPY is too long");
  count_field();
  send_if_full();
  wire::append(&buffer_, static_cast<int32_t>(bytes));
}

BinaryCopyIn& BinaryCopyIn::null() {
  count_field();
  wire::append(&buffer_, int32_t{-1});
  return *this;
}

BinaryCopyIn& BinaryCopyIn::boolean(bool value) {
  begin_field(1);
  buffer_ += value ? '\1' : '\0';
  return *this;
}

BinaryCopyIn& BinaryCopyIn::int16(int16_t value) {
  begin_field(sizeof value);
  wire::append(&buffer_, value);
  return *this;
}

BinaryCopyIn& BinaryCopyIn::int32(int32_t value) {
  begin_field(sizeof value);
  wire::append(&buffer_, value);
  return *this;
}

BinaryCopyIn& BinaryCopyIn::int64(int64_t value) {
  begin_field(sizeof value);
  wire::append(&buffer_, value);
  return *this;
}

BinaryCopyIn& BinaryCopyIn::text(std::string_view value) {
  begin_field(value.size());
  buffer_.append(value);
  return *this;
}

BinaryCopyIn& BinaryCopyIn::jsonb(std::string_view value) {
  begin_field(value.size() + 1);
  buffer_ += '\1';  // the version of its form
  buffer_.append(value);
  return *this;
}

BinaryCopyIn& BinaryCopyIn::bytes(std::span<const std::byte> value) {
  begin_field(value.size());
  buffer_.append(reinterpret_cast<const char*>(value.data()), value.size());
  return *this;
}

BinaryCopyIn& BinaryCopyIn::day(int64_t days) {
  constexpr int64_t kDaysMax = 2'000'000'000;
  if (days < -kDaysMax || days > kDaysMax) throw Error(ErrorCode::kInvalidData, "a date is out of range");
  return int32(static_cast<int32_t>(days - wire::kEpochDays));
}

BinaryCopyIn& BinaryCopyIn::timestamp_us(int64_t microseconds) {
  constexpr int64_t kMicrosecondsMax = 9'000'000'000'000'000'000;
  if (microseconds < -kMicrosecondsMax + wire::kEpochMicroseconds || microseconds > kMicrosecondsMax) {
    throw Error(ErrorCode::kInvalidData, "a timestamp is out of range");
  }
  return int64(microseconds - wire::kEpochMicroseconds);
}

TextCopyIn::TextCopyIn(Transaction& transaction, const CopyTable& table) : CopyIn(transaction, table, "text") {}

void TextCopyIn::append_end() {
  if (rows() > 0) buffer_ += '\n';
}

TextCopyIn& TextCopyIn::row() {
  const bool first = rows() == 0;
  begin_row();
  if (!first) buffer_ += '\n';
  send_if_full();
  first_field_ = true;
  return *this;
}

void TextCopyIn::separate() {
  count_field();
  if (!std::exchange(first_field_, false)) buffer_ += '\t';
}

TextCopyIn& TextCopyIn::null() {
  separate();
  buffer_ += "\\N";
  return *this;
}

TextCopyIn& TextCopyIn::text(std::string_view value) {
  if (value.find('\0') != std::string_view::npos) throw Error(ErrorCode::kInvalidData, "a text of a COPY has a NUL");
  if (value.size() > kValueBytesMax) throw Error(ErrorCode::kInvalidData, "a field of a COPY is too long");
  separate();
  for (const char c : value) {
    switch (c) {
      case '\\':
        buffer_ += "\\\\";
        break;
      case '\n':
        buffer_ += "\\n";
        break;
      case '\r':
        buffer_ += "\\r";
        break;
      case '\t':
        buffer_ += "\\t";
        break;
      default:
        buffer_ += c;
    }
  }
  send_if_full();
  return *this;
}

TextCopyIn& TextCopyIn::int64(int64_t value) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, value);
  separate();
  buffer_.append(digits, end.ptr);
  return *this;
}

}  // namespace kaogong::postgres
