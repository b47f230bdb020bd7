// What a statement gives back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kaogong::postgres {

class Rows;

/// One row: a view, valid as long as its Rows. Columns are counted from 0. Every getter throws Error kUnexpectedValue
/// if the column is null (the optional_ ones give nothing), has another type than those named, or is not there.
class Row {
 public:
  bool is_null(size_t column) const;
  /// smallint, integer, bigint, oid.
  int64_t int64(size_t column) const;
  bool boolean(size_t column) const;
  /// text, varchar, char, name, json, jsonb, enums. Cast others in the SQL: `amount::text`, `born::text`.
  std::string_view text(size_t column) const;
  /// bytea, without a copy.
  std::span<const std::byte> bytes(size_t column) const;
  /// date: days since 1970-01-01. Infinite dates are an error.
  int64_t day(size_t column) const;
  /// timestamptz: microseconds since 1970-01-01 00:00 UTC. Infinite ones are an error.
  int64_t timestamp_us(size_t column) const;
  /// bigint[] of one dimension without nulls.
  std::vector<int64_t> int64_array(size_t column) const;
  /// text[] of one dimension without nulls; the views live as long as the rows.
  std::vector<std::string_view> text_array(size_t column) const;

  std::optional<int64_t> optional_int64(size_t column) const;
  std::optional<bool> optional_boolean(size_t column) const;
  std::optional<std::string_view> optional_text(size_t column) const;
  std::optional<std::span<const std::byte>> optional_bytes(size_t column) const;
  std::optional<int64_t> optional_day(size_t column) const;
  std::optional<int64_t> optional_timestamp_us(size_t column) const;

 private:
  friend class Rows;
  Row(const Rows& rows, size_t index) : rows_(&rows), index_(index) {}
  const Rows* rows_;
  size_t index_;
};

/// All rows of one statement, in memory: bound them with LIMIT, or read large answers by COPY. Movable, not copyable;
/// lives on after its transaction. Reading from several threads is safe.
class Rows {
 public:
  /// The driver's result; only this room can make one.
  struct Driver;

  explicit Rows(std::unique_ptr<Driver> driver);
  Rows(Rows&&) noexcept;
  Rows& operator=(Rows&&) noexcept;
  ~Rows();

  size_t size() const;
  bool empty() const { return size() == 0; }
  size_t columns() const;
  /// Rows inserted, updated, deleted or selected, as the server counted them.
  int64_t affected() const;
  /// Precondition: index < size(), else Error kUnexpectedValue.
  Row operator[](size_t index) const;
  /// The one row; Error kUnexpectedValue if there are none or several.
  Row one() const;
  /// The only row or nothing; Error kUnexpectedValue if there are several.
  std::optional<Row> at_most_one() const;

  class Iterator {
   public:
    Iterator(const Rows& rows, size_t index) : rows_(&rows), index_(index) {}
    Row operator*() const { return (*rows_)[index_]; }
    Iterator& operator++() {
      ++index_;
      return *this;
    }
    bool operator==(const Iterator& other) const { return index_ == other.index_; }

   private:
    const Rows* rows_;
    size_t index_;
  };
  Iterator begin() const { return {*this, 0}; }
  Iterator end() const { return {*this, size()}; }

 private:
  friend class Row;
  std::unique_ptr<Driver> driver_;
};

}  // namespace kaogong::postgres
