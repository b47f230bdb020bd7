#include "infra/postgres/rows.h"

#include <cstdlib>
#include <limits>
#include <utility>

#include "infra/postgres/driver.h"
#include "infra/postgres/error.h"
#include "infra/postgres/wire.h"

namespace kaogong::postgres {

namespace {

constexpr unsigned kFirstUserType = 16384;

[[noreturn]] void unexpected(size_t column, std::string_view what) {
  throw Error(ErrorCode::kUnexpectedValue, "column " + std::to_string(column) + " " + std::string(what));
}

struct Value {
  const char* bytes;
  size_t size;
  unsigned type;
};

Value value(const PGresult* result, size_t row, size_t column) {
  if (column >= static_cast<size_t>(PQnfields(result))) unexpected(column, "is not there");
  const int r = static_cast<int>(row), c = static_cast<int>(column);
  if (PQgetisnull(result, r, c) != 0) unexpected(column, "is null");
  return {PQgetvalue(result, r, c), static_cast<size_t>(PQgetlength(result, r, c)), PQftype(result, c)};
}

// The elements of an array of one dimension without nulls.
template <typename Add>
void for_elements(const Value& array, size_t column, Add add) {
  constexpr size_t kHeadBytes = 12, kDimensionBytes = 8;
  const auto check = [&](bool good) {
    if (!good) unexpected(column, "is not an array of one dimension without nulls");
  };
  check(array.size >= kHeadBytes);
  const auto dimensions = wire::load<int32_t>(array.bytes);
  if (dimensions == 0) return;
  check(dimensions == 1 && array.size >= kHeadBytes + kDimensionBytes);
  const auto count = wire::load<int32_t>(array.bytes + kHeadBytes);
  size_t at = kHeadBytes + kDimensionBytes;
  for (int32_t i = 0; i < count; ++i) {
    check(array.size - at >= sizeof(int32_t));
    const auto size = wire::load<int32_t>(array.bytes + at);
    at += sizeof(int32_t);
    check(size >= 0 && array.size - at >= static_cast<size_t>(size));
    add(array.bytes + at, static_cast<size_t>(size));
    at += static_cast<size_t>(size);
  }
}

}  // namespace

Rows::Rows(std::unique_ptr<Driver> driver) : driver_(std::move(driver)) {}
Rows::Rows(Rows&&) noexcept = default;
Rows& Rows::operator=(Rows&&) noexcept = default;
Rows::~Rows() = default;

size_t Rows::size() const { return static_cast<size_t>(PQntuples(driver_->result.get())); }
size_t Rows::columns() const { return static_cast<size_t>(PQnfields(driver_->result.get())); }
int64_t Rows::affected() const { return std::strtoll(PQcmdTuples(driver_->result.get()), nullptr, 10); }

Row Rows::operator[](size_t index) const {
  if (index >= size()) throw Error(ErrorCode::kUnexpectedValue, "row " + std::to_string(index) + " is not there");
  return {*this, index};
}

Row Rows::one() const {
  if (size() != 1) throw Error(ErrorCode::kUnexpectedValue, std::to_string(size()) + " rows instead of one");
  return {*this, 0};
}

std::optional<Row> Rows::at_most_one() const {
  if (empty()) return std::nullopt;
  return one();
}

bool Row::is_null(size_t column) const {
  const PGresult* result = rows_->driver_->result.get();
  if (column >= static_cast<size_t>(PQnfields(result))) unexpected(column, "is not there");
  return PQgetisnull(result, static_cast<int>(index_), static_cast<int>(column)) != 0;
}

int64_t Row::int64(size_t column) const {
  const Value found = value(rows_->driver_->result.get(), index_, column);
  switch (found.type) {
    case wire::kInt8:
      return wire::load<int64_t>(found.bytes);
    case wire::kInt4:
      return wire::load<int32_t>(found.bytes);
    case wire::kInt2:
      return wire::load<int16_t>(found.bytes);
    case wire::kOid:
      return wire::load<uint32_t>(found.bytes);
    default:
      unexpected(column, "is not an integer");
  }
}

bool Row::boolean(size_t column) const {
  const Value found = value(rows_->driver_->result.get(), index_, column);
  if (found.type != wire::kBool) unexpected(column, "is not a boolean");
  return found.bytes[0] != 0;
}

std::string_view Row::text(size_t column) const {
  const Value found = value(rows_->driver_->result.get(), index_, column);
  switch (found.type) {
    case wire::kText:
    case wire::kVarchar:
    case wire::kBpchar:
    case wire::kName:
    case wire::kChar:
    case wire::kJson:
    case wire::kUnknown:
      return {found.bytes, found.size};
    case wire::kJsonb:
      return {found.bytes + 1, found.size - 1};  // after the version of its form
    default:
      if (found.type < kFirstUserType) unexpected(column, "is not a text; cast it in the SQL");
      return {found.bytes, found.size};  // an enum, whose number differs from database to database
  }
}

std::span<const std::byte> Row::bytes(size_t column) const {
  const Value found = value(rows_->driver_->result.get(), index_, column);
  if (found.type != wire::kBytea) unexpected(column, "is not a bytea");
  return {reinterpret_cast<const std::byte*>(found.bytes), found.size};
}

int64_t Row::day(size_t column) const {
  const Value found = value(rows_->driver_->result.get(), index_, column);
  if (found.type != wire::kDate) unexpected(column, "is not a date");
  const auto days = wire::load<int32_t>(found.bytes);
  if (days == std::numeric_limits<int32_t>::max() || days == std::numeric_limits<int32_t>::min()) {
    unexpected(column, "is an infinite date");
  }
  return days + wire::kEpochDays;
}

int64_t Row::timestamp_us(size_t column) const {
  const Value found = value(rows_->driver_->result.get(), index_, column);
  if (found.type != wire::kTimestamptz) unexpected(column, "is not a timestamptz");
  const auto microseconds = wire::load<int64_t>(found.bytes);
  if (microseconds == std::numeric_limits<int64_t>::max() || microseconds == std::numeric_limits<int64_t>::min()) {
    unexpected(column, "is an infinite timestamp");
  }
  return microseconds + wire::kEpochMicroseconds;
}

std::vector<int64_t> Row::int64_array(size_t column) const {
  const Value found = value(rows_->driver_->result.get(), index_, column);
  if (found.type != wire::kInt8Array) unexpected(column, "is not a bigint[]");
  std::vector<int64_t> values;
  for_elements(found, column, [&](const char* bytes, size_t) { values.push_back(wire::load<int64_t>(bytes)); });
  return values;
}

std::vector<std::string_view> Row::text_array(size_t column) const {
  const Value found = value(rows_->driver_->result.get(), index_, column);
  if (found.type != wire::kTextArray) unexpected(column, "is not a text[]");
  std::vector<std::string_view> values;
  for_elements(found, column, [&](const char* bytes, size_t size) { values.emplace_back(bytes, size); });
  return values;
}

std::optional<int64_t> Row::optional_int64(size_t column) const {
  return is_null(column) ? std::nullopt : std::optional(int64(column));
}
std::optional<bool> Row::optional_boolean(size_t column) const {
  return is_null(column) ? std::nullopt : std::optional(boolean(column));
}
std::optional<std::string_view> Row::optional_text(size_t column) const {
  return is_null(column) ? std::nullopt : std::optional(text(column));
}
std::optional<std::span<const std::byte>> Row::optional_bytes(size_t column) const {
  return is_null(column) ? std::nullopt : std::optional(bytes(column));
}
std::optional<int64_t> Row::optional_day(size_t column) const {
  return is_null(column) ? std::nullopt : std::optional(day(column));
}
std::optional<int64_t> Row::optional_timestamp_us(size_t column) const {
  return is_null(column) ? std::nullopt : std::optional(timestamp_us(column));
}

}  // namespace kaogong::postgres
