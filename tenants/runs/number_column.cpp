#include "tenants/runs/number_column.h"

namespace kaogong::runs {

column::Column NumberColumn::take() const {
  column::Column column;
  column.type = type_;
  column.scale = scale_;
  column.physical = column::Physical::kI64;
  for (const auto& value : values_)
    if (value && (*value > INT64_MAX || *value < INT64_MIN)) column.physical = column::Physical::kI128;
  column.allocate(values_.size(), false);
  for (size_t row = 0; row < values_.size(); ++row) {
    if (values_[row]) {
      column.set(row, *values_[row]);
    } else {
      column.set_null(row);
    }
  }
  return column;
}

}  // namespace kaogong::runs
