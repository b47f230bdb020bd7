#include "tenants/runs/gather_history.h"

#include <algorithm>
#include <memory>
#include <optional>

#include "engine/column/inline_lookups.h"
#include "engine/number/fixed.h"

namespace kaogong::runs {

namespace {

constexpr int32_t kNoCode = -1;

/// Copies values of one column into another of the declared type.
class Converter {
 public:
  Converter(const scheme::HistoryColumn& declared, const column::Column& from, column::Column* to)
      : declared_(declared), from_(from), to_(to) {
    const bool text = from.type == scheme::TypeName::kString;
    fits_ = scheme::is_numeric(from.type) ? scheme::is_numeric(to->type) : from.type == to->type;
    if (text && fits_ && from.dictionary != nullptr) {
      const auto size = static_cast<size_t>(from.dictionary->size());
      codes_.reserve(size);
      for (size_t code = 0; code < size; ++code) {
        const std::string_view value = from.dictionary->at(static_cast<int32_t>(code));
        // An open dictionary takes only what some employee has: what others have must not change any code.
        codes_.push_back(declared.type.values.empty() ? kNoCode : to->dictionary->find(value));
      }
    }
  }

  /// False: the value does not fit. Precondition: it is not null.
  bool copy(size_t from_row, size_t to_row) {
    if (!fits_) return false;
    __int128 value = from_.get(from_row);
    if (from_.type == scheme::TypeName::kString) {
      int32_t& code = codes_[static_cast<size_t>(value)];
      if (code == kNoCode && declared_.type.values.empty())
        code = to_->dictionary->insert(from_.dictionary->at(static_cast<int32_t>(value)));
      if (code == kNoCode) return false;
      value = code;
    } else if (scheme::is_numeric(from_.type)) {
      if (!fixed::rescale_exact(value, from_.scale, to_->scale, &value)) return false;
      const auto& type = declared_.type;
      if ((type.min && value < *type.min) || (type.max && value > *type.max)) return false;
      if (value < INT64_MIN || value > INT64_MAX) return false;
    }
    to_->set(to_row, value);
    to_->valid.data()[to_row] = std::byte{1};
    return true;
  }

 private:
  const scheme::HistoryColumn& declared_;
  const column::Column& from_;
  column::Column* to_;
  bool fits_ = false;
  std::vector<int32_t> codes_;
};

column::Fault not_fitting(uint32_t row, const scheme::HistoryColumn& declared, scheme::Period period,
                          const column::Column& from, size_t from_row) {
  column::Fault fault;
  fault.row = row;
  fault.file = "history";
  fault.column = declared.name;
  fault.value = column::format_value(from, from_row);
  const std::string when = scheme::to_text(period);
  fault.error = {when + " 的结果不符合历史列 " + declared.name + " 的类型;请修改方案中该列的类型",
                 "the result of " + when + " does not fit the type of the history column '" + declared.name +
                     "'; change the column's type in the scheme"};
  return fault;
}

void drop_full_valid(column::Column* column) {
  const std::byte* valid = column->valid.data();
  if (std::find(valid, valid + column->rows, std::byte{0}) == valid + column->rows) column->valid = column::Buffer{};
}

}  // namespace

void cut_at_gap(std::vector<HistoryReach>* reaches, const std::function<bool(size_t column, int32_t back)>& has) {
  int32_t unbroken = 0;
  const auto any = [&](int32_t back) {
    for (size_t column = 0; column < reaches->size(); ++column)
      if (back < (*reaches)[column].count && has(column, back)) return true;
    return false;
  };
  while (unbroken < kHistoryPeriodsMax && any(unbroken)) ++unbroken;
  for (auto& reach : *reaches)
    if (reach.while_unbroken) reach.count = std::min(reach.count, std::max(unbroken, reach.count_at_least));
}

column::HistoryColumnData gather_history(const scheme::HistoryColumn& declared, const HistoryReach& reach, size_t rows,
                                         const std::vector<EarlierOutput>& earlier,
                                         const column::HistoryColumnData* sheet, std::vector<column::Fault>* faults) {
  column::HistoryColumnData data{reach.kind, reach.newest, {}};
  if (rows == 0) return data;
  const bool text = declared.type.name == scheme::TypeName::kString;
  const auto dictionary = text ? std::make_shared<column::Dictionary>(declared.type.values) : nullptr;
  auto next = earlier.begin();
  for (int32_t back = 0; back < reach.count; ++back) {
    const auto at = static_cast<size_t>(back);
    const scheme::Period period{reach.kind, reach.newest - back};
    const column::Column* entered = sheet != nullptr && at < sheet->by_period.size() && sheet->by_period[at].rows != 0
                                        ? &sheet->by_period[at]
                                        : nullptr;
    while (next != earlier.end() && next->period.index > period.index) ++next;
    const EarlierOutput* published = next != earlier.end() && next->period == period ? &*next : nullptr;
    if (entered == nullptr && published == nullptr) {
      if (next == earlier.end() && (sheet == nullptr || at >= sheet->by_period.size())) break;
      continue;
    }
    while (data.by_period.size() <= at) {
      data.by_period.push_back(column::make_column(declared.type));
      data.by_period.back().dictionary = dictionary;
    }
    column::Column& column = data.by_period.back();
    column.allocate(rows, true);
    std::fill_n(column.data.data(), column.data.bytes(), std::byte{0});
    std::fill_n(column.valid.data(), rows, std::byte{0});
    if (published != nullptr) {
      Converter converter(declared, *published->output, &column);
      for (size_t row = 0; row < rows; ++row) {
        const uint32_t from = (*published->rows)[row];
        if (from == kNoRow || published->output->is_null(from)) continue;
        if (!converter.copy(from, row))
          faults->push_back(not_fitting(static_cast<uint32_t>(row), declared, period, *published->output, from));
      }
    }
    if (entered != nullptr) {
      Converter converter(declared, *entered, &column);
      for (size_t row = 0; row < rows; ++row) {
        const bool has_result = published != nullptr && (*published->rows)[row] != kNoRow;
        if (has_result || entered->is_null(row)) continue;
        if (!converter.copy(row, row))
          faults->push_back(not_fitting(static_cast<uint32_t>(row), declared, period, *entered, row));
      }
    }
    drop_full_valid(&column);
  }
  if (dictionary != nullptr && dictionary->size() == 0) dictionary->insert("");
  return data;
}

}  // namespace kaogong::runs
