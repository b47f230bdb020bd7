#include "tenants/generate/default_column.h"

#include <algorithm>

#include "engine/scheme/literal.h"

namespace kaogong::generate {

namespace {

using scheme::TypeName;

bool has(std::string_view name, std::string_view part) { return name.find(part) != std::string_view::npos; }

// occasion -> O, cost_centre -> CC
std::string prefix_of(std::string_view name) {
  std::string prefix;
  for (size_t i = 0; i < name.size(); ++i) {
    const bool begins = i == 0 || name[i - 1] == '_';
    if (begins && name[i] >= 'a' && name[i] <= 'z') prefix.push_back(static_cast<char>(name[i] - 'a' + 'A'));
  }
  return prefix.empty() ? "X" : prefix;
}

void set_range(ColumnPlan* column) {
  const std::optional<int64_t> min = column->type.min, max = column->type.max;
  switch (column->type.name) {
    case TypeName::kMoney:
      if (has(column->name, "wage") || has(column->name, "salary")) {
        column->range(3500, 16000, 0, 100).normal(350, 180);
      } else {
        column->range(0, 20000, 0).tail();
        column->draw.step = 1;
      }
      break;
    case TypeName::kScore:
      column->range(0, 1000, 1).by_skill();
      break;
    case TypeName::kRate:
      column->range(0, 13, 1).by_skill(740, 90);
      break;
    case TypeName::kFactor:
      column->range(5, 15, 1).normal();
      break;
    case TypeName::kCount:
      column->range(0, 5).tail();
      break;
    default:
      column->range(0, 100, 0).by_skill();
      break;
  }
  Draw& draw = column->draw;
  // A finer step than the range's own where a score has decimals; bounds of the type win.
  if (column->type.name == TypeName::kRate || column->type.name == TypeName::kFactor) {
    draw.step = power_of_ten(std::max(0, column->format.scale - 4));
  } else if (column->type.name == TypeName::kNumber) {
    draw.step = power_of_ten(std::max(0, column->format.scale - 1));
  } else if (column->type.name == TypeName::kScore) {
    draw.step = power_of_ten(std::max(0, column->format.scale - 1));
  }
  const Cell width = draw.high - draw.low;
  if (min && max) {
    draw.low = *min;
    draw.high = *max;
  } else if (min && draw.low < *min) {
    draw.low = *min;
    draw.high = std::max(draw.high, draw.low + width / 2);
  } else if (max && draw.high > *max) {
    draw.high = *max;
    draw.low = std::min(draw.low, draw.high);
  }
  if (draw.high < draw.low) draw.high = draw.low;
  // A whole step may lead past a bound that is not on it: `above: 0` is one unit up.
  while (draw.step > 1 && min && *min % draw.step != 0 && draw.low == *min) draw.step /= 10;
}

}  // namespace

Cell literal_cell(std::string_view text, const Format& format, Symbols* symbols) {
  if (text.empty()) return kNull;
  switch (format.kind) {
    case Format::Kind::kBoolean:
      return text == "true" ? 1 : 0;
    case Format::Kind::kDate:
      return scheme::parse_date(text).value_or(0);
    case Format::Kind::kDecimal: {
      const auto scaled = scheme::parse_scaled(text, format.scale);
      return std::holds_alternative<int64_t>(scaled) ? std::get<int64_t>(scaled) : kNull;
    }
    default:
      return symbols->of(text);
  }
}

ColumnPlan default_column(const scheme::Named& declared, Plan* plan, uint32_t numbers) {
  ColumnPlan column;
  column.name = declared.name;
  column.type = declared.type;
  Draw& draw = column.draw;
  switch (declared.type.name) {
    case TypeName::kBoolean:
      column.format.kind = Format::Kind::kBoolean;
      draw.choices = {0, 1};
      column.weights({4, 1});
      break;
    case TypeName::kDate:
      column.format.kind = Format::Kind::kDate;
      draw.low = scheme::last_day(plan->period) - 3650;
      draw.high = scheme::first_day(plan->period) - 1;
      break;
    case TypeName::kString:
      if (declared.type.values.empty()) {
        column.format.kind = Format::Kind::kNumbered;
        column.format.prefix = prefix_of(declared.name);
        column.format.width = numbers < 10 ? 1 : numbers < 100 ? 2 : 3;
        draw.low = 1;
        draw.high = numbers;
      } else {
        column.format.kind = Format::Kind::kSymbol;
        draw.shape = Draw::Shape::kChoice;
        for (const std::string& value : declared.type.values) draw.choices.push_back(plan->symbols.of(value));
      }
      break;
    default:
      column.format.kind = Format::Kind::kDecimal;
      column.format.scale = declared.type.scale;
      set_range(&column);
      break;
  }
  if (declared.type.nullable) column.null(100);
  return column;
}

}  // namespace kaogong::generate
