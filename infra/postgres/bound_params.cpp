#include "infra/postgres/bound_params.h"

#include "infra/postgres/error.h"
#include "infra/postgres/limits.h"
#include "infra/postgres/wire.h"

namespace kaogong::postgres {

namespace {

constexpr int kTextFormat = 0, kBinaryFormat = 1;
constexpr unsigned kInferred = 0;

}  // namespace

BoundParams::BoundParams(std::span<const Param> params) {
  if (params.size() > kParamsMax) throw Error(ErrorCode::kInvalidData, "too many parameters");
  types_.reserve(params.size());
  values_.reserve(params.size());
  lengths_.reserve(params.size());
  formats_.reserve(params.size());
  owned_.reserve(params.size());  // so that pointers into it stay
  for (const Param& param : params) {
    switch (param.kind_) {
      case Param::Kind::kNull:
        add(kInferred, kTextFormat, nullptr, 0);
        break;
      case Param::Kind::kBool:
        owned_.emplace_back(1, static_cast<char>(param.integer_));
        add(wire::kBool, kBinaryFormat, owned_.back().data(), 1);
        break;
      case Param::Kind::kInt64:
        wire::append(&owned_.emplace_back(), param.integer_);
        add(wire::kInt8, kBinaryFormat, owned_.back().data(), sizeof(int64_t));
        break;
      case Param::Kind::kText:
        add_text({static_cast<const char*>(param.data_), param.size_});
        break;
      case Param::Kind::kBytes:
        // An empty span may have no address, which libpq would take for null.
        add(wire::kBytea, kBinaryFormat, param.size_ == 0 ? "" : param.data_, param.size_);
        break;
      case Param::Kind::kInt64Array:
        add_array<int64_t>(wire::kInt8Array, wire::kInt8, param, [](std::string* out, int64_t value) {
          wire::append(out, int32_t{sizeof(int64_t)});
          wire::append(out, value);
        });
        break;
      case Param::Kind::kTextArray:
      case Param::Kind::kViewArray: {
        const auto append = [](std::string* out, std::string_view value) {
          if (value.size() > kValueBytesMax) throw Error(ErrorCode::kInvalidData, "a text of an array is too long");
          wire::append(out, static_cast<int32_t>(value.size()));
          out->append(value);
        };
        if (param.kind_ == Param::Kind::kTextArray) {
          add_array<std::string>(wire::kTextArray, wire::kText, param, append);
        } else {
          add_array<std::string_view>(wire::kTextArray, wire::kText, param, append);
        }
        break;
      }
    }
  }
}

void BoundParams::add(unsigned type, int format, const void* value, size_t bytes) {
  if (bytes > kValueBytesMax) throw Error(ErrorCode::kInvalidData, "a parameter is too long");
  types_.push_back(type);
  formats_.push_back(format);
  values_.push_back(static_cast<const char*>(value));
  lengths_.push_back(static_cast<int>(bytes));
}

void BoundParams::add_text(std::string_view text) {
  // In text format libpq reads up to the first NUL: what follows would be lost without a word.
  if (text.find('\0') != std::string_view::npos) throw Error(ErrorCode::kInvalidData, "a text parameter has a NUL");
  if (text.size() > kValueBytesMax) throw Error(ErrorCode::kInvalidData, "a parameter is too long");
  const std::string& copy = owned_.emplace_back(text);
  add(kInferred, kTextFormat, copy.c_str(), copy.size());
}

template <typename T, typename AppendElement>
void BoundParams::add_array(unsigned type, unsigned element_type, const Param& param, AppendElement append) {
  std::string& out = owned_.emplace_back();
  const int32_t dimensions = param.size_ == 0 ? 0 : 1;
  if (param.size_ > kValueBytesMax / 4) throw Error(ErrorCode::kInvalidData, "an array is too long");
  wire::append(&out, dimensions);
  wire::append(&out, int32_t{0});  // no nulls
  wire::append(&out, element_type);
  if (dimensions == 1) {
    wire::append(&out, static_cast<int32_t>(param.size_));
    wire::append(&out, int32_t{1});  // PostgreSQL's arrays begin at 1
  }
  const T* values = static_cast<const T*>(param.data_);
  for (size_t i = 0; i < param.size_; ++i) {
    append(&out, values[i]);
    if (out.size() > kValueBytesMax) throw Error(ErrorCode::kInvalidData, "an array is too long");
  }
  add(type, kBinaryFormat, out.data(), out.size());
}

}  // namespace kaogong::postgres
