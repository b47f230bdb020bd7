#include "tenants/runs/correction.h"

#include <algorithm>

#include "engine/column/inline_lookups.h"
#include "engine/number/fixed.h"
#include "tenants/runs/number_column.h"

namespace kaogong::runs {

namespace {

scheme::TypeDecl type_like(const column::Column& column) {
  scheme::TypeDecl type;
  type.name = column.type;
  type.scale = column.scale;
  type.nullable = true;
  return type;
}

/// A column of `rows` rows that is filled from columns of the same kind of type.
class Filler {
 public:
  Filler(const column::Column& like, uint8_t scale, size_t rows) : text_(like.type == scheme::TypeName::kString) {
    scheme::TypeDecl type = type_like(like);
    type.scale = scale;
    column_ = column::make_column(type);
    if (text_) {
      column_.dictionary = std::make_shared<column::Dictionary>();
      column_.physical = column::Physical::kI32;
    } else {
      column_.physical = std::max(like.physical, column::Physical::kI64);
    }
    column_.allocate(rows, true);
  }

  /// False: the value does not fit.
  bool copy(const column::Column* from, size_t from_row, size_t row) {
    if (from == nullptr || from->is_null(from_row)) {
      column_.set_null(row);
      return true;
    }
    __int128 value = from->get(from_row);
    if (text_) {
      value = column_.dictionary->insert(from->dictionary->at(static_cast<int32_t>(value)));
    } else if (scheme::is_numeric(from->type)) {
      if (!fixed::rescale_exact(value, from->scale, column_.scale, &value)) return false;
      if (column_.physical == column::Physical::kI64 && (value > INT64_MAX || value < INT64_MIN)) return false;
    }
    column_.set(row, value);
    return true;
  }
  column::Column take() {
    if (text_ && column_.dictionary->size() == 0) column_.dictionary->insert("");
    return std::move(column_);
  }

 private:
  bool text_;
  column::Column column_;
};

column::Column change_column(const std::vector<ChangeKind>& changes) {
  scheme::TypeDecl type;
  type.name = scheme::TypeName::kString;
  column::Column column = column::make_column(type);
  column.dictionary = std::make_shared<column::Dictionary>();
  column.physical = column::Physical::kI32;
  column.allocate(changes.size(), false);
  for (const auto kind : {ChangeKind::kChanged, ChangeKind::kAdded, ChangeKind::kRemoved})
    column.dictionary->insert(to_text(kind));
  for (size_t row = 0; row < changes.size(); ++row) column.set(row, column.dictionary->find(to_text(changes[row])));
  return column;
}

/// A row of one of two results.
struct Origin {
  size_t side = 0;
  size_t row = 0;
};

}  // namespace

bool is_marginal(std::string_view output) { return output.find(':') != std::string_view::npos; }

ResultSet correction_of(const ResultView& before, const ResultView& after) {
  const DiffSummary summary = diff(source_of(before), source_of(after), {}, {});
  ResultSet out;
  std::vector<ChangeKind> changes;
  std::vector<NumberColumn> deltas;
  for (const auto& output : summary.outputs) {
    const column::Column* like = after.find(output.name);
    deltas.emplace_back((like != nullptr ? like : before.find(output.name))->type, output.scale, 0);
  }
  diff(source_of(before), source_of(after), {}, [&](const EmployeeChange& change) {
    out.employees.push_back(change.employee);
    changes.push_back(change.kind);
    for (auto& delta : deltas) delta.push_back(0);
    for (const auto& output : change.outputs)
      deltas[output.output].set(changes.size() - 1,
                                output.has_delta ? std::optional<__int128>(output.delta) : std::nullopt);
  });
  const std::vector<uint32_t> rows = rows_in(after, out.employees);
  out.names.emplace_back(kChangeOutput);
  out.columns.push_back(change_column(changes));
  for (const auto& output : summary.outputs) {
    const column::Column* now = after.find(output.name);
    const column::Column& like = now != nullptr ? *now : *before.find(output.name);
    Filler filler(like, like.scale, rows.size());
    for (size_t row = 0; row < rows.size(); ++row) filler.copy(rows[row] == kNoRow ? nullptr : now, rows[row], row);
    out.names.push_back(output.name);
    out.columns.push_back(filler.take());
  }
  for (size_t i = 0; i < summary.outputs.size(); ++i) {
    const OutputSummary& output = summary.outputs[i];
    if (!output.numeric) continue;
    out.names.push_back(output.name + std::string(kDeltaSuffix));
    out.columns.push_back(deltas[i].take());
  }
  return out;
}

std::optional<ResultSet> applied(const ResultView& base, const ResultView& correction, std::string* error) {
  ResultSet out;
  std::vector<Origin> origins;
  const column::Column* change = correction.find(kChangeOutput);
  const auto removed = [&](size_t row) {
    return change != nullptr &&
           change->dictionary->at(static_cast<int32_t>(change->get(row))) == to_text(ChangeKind::kRemoved);
  };
  size_t a = 0, b = 0;
  while (a < base.rows() || b < correction.rows()) {
    const int order = a == base.rows()         ? 1
                      : b == correction.rows() ? -1
                                               : (*base.employees)[a].compare((*correction.employees)[b]);
    if (order < 0 && base.has_row(a)) {
      out.employees.push_back((*base.employees)[a]);
      origins.push_back({0, a});
    } else if (order >= 0 && correction.has_row(b) && !removed(b)) {
      out.employees.push_back((*correction.employees)[b]);
      origins.push_back({1, b});
    }
    a += order <= 0 ? 1 : 0;
    b += order >= 0 ? 1 : 0;
  }
  std::vector<std::string> names;
  for (const auto& name : *base.names) names.push_back(name);
  for (const auto& name : *correction.names)
    if (!is_marginal(name) && base.find(name) == nullptr) names.push_back(name);
  for (const auto& name : names) {
    const column::Column* sides[2] = {base.find(name), correction.find(name)};
    const column::Column& like = sides[1] != nullptr ? *sides[1] : *sides[0];
    uint8_t scale = like.scale;
    if (sides[0] != nullptr && sides[1] != nullptr) {
      const bool numbers = scheme::is_numeric(sides[0]->type) && scheme::is_numeric(sides[1]->type);
      if (!numbers && sides[0]->type != sides[1]->type) {
        *error = "'" + name + "' has become another type: it cannot be corrected, only published anew";
        return std::nullopt;
      }
      scale = std::max(sides[0]->scale, sides[1]->scale);
    }
    Filler filler(like, scale, origins.size());
    for (size_t row = 0; row < origins.size(); ++row) {
      if (filler.copy(sides[origins[row].side], origins[row].row, row)) continue;
      *error = "a value of '" + name + "' is too large";
      return std::nullopt;
    }
    out.names.push_back(name);
    out.columns.push_back(filler.take());
  }
  return out;
}

}  // namespace kaogong::runs
