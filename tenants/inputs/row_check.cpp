#include "tenants/inputs/row_check.h"

#include "engine/scheme/period.h"
#include "tenants/folder/reject.h"

namespace kaogong::tenants {

namespace {

using folder::RejectKind;
using Kind = folder::ColumnSpec::Kind;

}  // namespace

RowCheck::RowCheck(const scheme::Document& document, folder::FileSpec sheet) : sheet_(std::move(sheet)) {
  // No table or lookup is called so.
  if (sheet_.name == "parameters") parameters_.emplace(document);
  for (size_t i = 0; i < sheet_.columns.size(); ++i) {
    parsers_.emplace_back(sheet_.columns[i], uint16_t{0}, static_cast<uint16_t>(i));
    if (sheet_.columns[i].kind == Kind::kEmployee) employee_ = i;
  }
}

std::optional<scheme::Labels> RowCheck::fault(size_t column, std::string_view value) const {
  std::optional<RejectKind> wrong;
  switch (sheet_.columns[column].kind) {
    case Kind::kEmployee:
      if (value.empty()) wrong = RejectKind::kNoEmployee;
      if (value.size() > folder::kEmployeeBytesMax) wrong = RejectKind::kEmployeeTooLong;
      break;
    case Kind::kPeriod:
      if (!scheme::parse_period(value)) wrong = RejectKind::kNotAPeriod;
      break;
    case Kind::kValue:
    case Kind::kText: {
      int64_t number = 0;
      bool is_null = false;
      RejectKind kind{};
      if (!parsers_[column].parse_one(value, &number, &is_null, &kind)) wrong = kind;
      break;
    }
  }
  if (!wrong) return std::nullopt;
  folder::Reject reject;
  reject.kind = *wrong;
  reject.column = static_cast<uint16_t>(column);
  return folder::error_text(reject, folder::printable(value, folder::kShownBytesMax), sheet_);
}

std::optional<RowCheck::CellFault> RowCheck::fault_of_row(std::span<const std::string_view> values) const {
  if (!parameters_) return std::nullopt;
  constexpr size_t kName = 0, kValue = 1;
  const auto parameter = parameters_->find(values[kName]);
  if (!parameter) return CellFault{kName, parameters_->unknown(values[kName])};
  if (auto wrong = parameters_->read(*parameter, values[kValue], nullptr)) return CellFault{kValue, *std::move(wrong)};
  return std::nullopt;
}

}  // namespace kaogong::tenants
