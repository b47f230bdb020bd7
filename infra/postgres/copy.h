// COPY: many rows in or out, inside a transaction, in bounded memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "infra/postgres/limits.h"
#include "infra/postgres/names.h"
#include "infra/postgres/transaction.h"

namespace kaogong::postgres {

/// Where a COPY goes or comes from: a table and its columns, in the order of the fields.
struct CopyTable {
  const SchemaName& schema;
  std::string_view table;
  std::span<const std::string_view> columns;

  /// `"tenant_7"."person" ("id", "name")`. Error kInvalidData for names that are none, no column, or too many.
  std::string sql() const;
};

/// The stream towards the server that both formats write to. While one is open, its transaction takes no other
/// statement. Not thread-safe; must end before its transaction does. Errors in the rows come out of finish(), or
/// earlier; after any Error the transaction can only be left.
class CopyIn {
 public:
  CopyIn(const CopyIn&) = delete;
  CopyIn& operator=(const CopyIn&) = delete;

  /// Sends what is left and ends the COPY; gives the number of rows that the server took.
  int64_t finish();
  /// Rows begun.
  int64_t rows() const { return rows_; }

 protected:
  CopyIn(Transaction& transaction, const CopyTable& table, std::string_view format);
  /// If finish() was not called, the server refuses the whole COPY, which fails the transaction.
  ~CopyIn();

  /// Begins a row; Error kUnexpectedValue if the last one has not as many fields as there are columns.
  void begin_row();
  void count_field();
  void send_if_full() {
    if (buffer_.size() >= kCopyBufferBytes) send();
  }

  std::string buffer_;
  size_t columns_;

 private:
  virtual void append_end() = 0;
  void send();
  void check_row() const;

  Transaction::Impl* transaction_;
  size_t fields_ = 0;
  int64_t rows_ = 0;
  bool open_ = true;
};

/// COPY in binary form: what is narrow and typed goes in without being printed and parsed. Each field must have the
/// type of its column exactly; the server does not convert.
class BinaryCopyIn final : public CopyIn {
 public:
  BinaryCopyIn(Transaction& transaction, const CopyTable& table);

  BinaryCopyIn& row();
  BinaryCopyIn& null();
  BinaryCopyIn& boolean(bool value);
  BinaryCopyIn& int16(int16_t value);
  BinaryCopyIn& int32(int32_t value);
  BinaryCopyIn& int64(int64_t value);
  /// text, varchar, char, json, enums. Error kInvalidData above kValueBytesMax, as of bytes().
  BinaryCopyIn& text(std::string_view value);
  BinaryCopyIn& jsonb(std::string_view value);
  BinaryCopyIn& bytes(std::span<const std::byte> value);
  /// date: days since 1970-01-01.
  BinaryCopyIn& day(int64_t days);
  /// timestamptz: microseconds since 1970-01-01 00:00 UTC.
  BinaryCopyIn& timestamp_us(int64_t microseconds);

 private:
  void append_end() override;
  void begin_field(size_t bytes);
};

/// COPY in text form, for columns of every type: the server reads each field as it reads a literal.
class TextCopyIn final : public CopyIn {
 public:
  TextCopyIn(Transaction& transaction, const CopyTable& table);

  TextCopyIn& row();
  TextCopyIn& null();
  /// Error kInvalidData for a NUL byte.
  TextCopyIn& text(std::string_view value);
  TextCopyIn& int64(int64_t value);

 private:
  void append_end() override;
  void separate();

  bool first_field_ = true;
};

/// The stream from the server that both formats read. While one is open, its transaction takes no other statement. One
/// that is not read to its end takes its connection with it when it is destroyed, and the transaction is rolled back.
class CopyOut {
 public:
  CopyOut(const CopyOut&) = delete;
  CopyOut& operator=(const CopyOut&) = delete;

 protected:
  /// `source`: a table with its columns, or a query in parentheses.
  CopyOut(Transaction& transaction, const std::string& source, std::string_view format);
  ~CopyOut();
  /// The next message, which has one row; nothing at the end. Valid until the next call.
  std::optional<std::string_view> next_message();

 private:
  Transaction::Impl* transaction_;
  bool open_ = true;
};

/// COPY out in binary form. Fields are counted from 0 and read like those of a Row, by the type of their column; the
/// stream does not carry types, so that only the size can be checked: Error kUnexpectedValue for a null or another
/// size.
class BinaryCopyOut final : public CopyOut {
 public:
  BinaryCopyOut(Transaction& transaction, const CopyTable& table);
  /// `query`: a SELECT. Only names from quote_identifier() and numbers may be put into it.
  BinaryCopyOut(Transaction& transaction, std::string_view query);

  /// Reads the next row; false at the end. What the getters gave for the last row is gone.
  bool next();
  size_t fields() const { return fields_.size(); }
  bool is_null(size_t field) const;
  /// smallint, integer, bigint.
  int64_t int64(size_t field) const;
  bool boolean(size_t field) const;
  std::string_view text(size_t field) const;
  std::span<const std::byte> bytes(size_t field) const;
  int64_t day(size_t field) const;
  int64_t timestamp_us(size_t field) const;

 private:
  std::string_view value(size_t field) const;
  std::string_view sized(size_t field, size_t bytes) const;

  std::vector<std::optional<std::string_view>> fields_;
  bool header_read_ = false;
};

/// COPY out in text form: every field as the server prints it.
class TextCopyOut final : public CopyOut {
 public:
  TextCopyOut(Transaction& transaction, const CopyTable& table);
  /// As of BinaryCopyOut.
  TextCopyOut(Transaction& transaction, std::string_view query);

  bool next();
  size_t fields() const { return fields_.size(); }
  /// Nothing for null. Valid until next(). Error kUnexpectedValue if there is no such field.
  std::optional<std::string_view> text(size_t field) const;

 private:
  std::string unescaped_;
  std::vector<std::optional<std::string_view>> fields_;
};

}  // namespace kaogong::postgres
