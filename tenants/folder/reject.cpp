#include "tenants/folder/reject.h"

#include "engine/scheme/literal.h"
#include "infra/csv/limits.h"
#include "infra/csv/utf8.h"

namespace kaogong::folder {

namespace {

scheme::Labels malformed_text(const Reject& reject, const FileSpec& file) {
  const csv::Limits limits;
  (void)file;
  switch (static_cast<csv::FaultKind>(reject.detail)) {
    case csv::FaultKind::kUnterminatedQuote:
      return {"引号没有结束：请补上右引号", "a quote is opened here and never closed: close it"};
    case csv::FaultKind::kTextAfterQuote:
      return {"右引号之后还有文字：字段内的引号须写两次",
              "there is text after a closing quote: write a quote inside a field twice"};
    case csv::FaultKind::kStrayQuote:
      return {"字段中间有引号：含引号的字段须整个加引号，其中的引号写两次",
              "there is a quote inside an unquoted field: put the field in quotes and write the quote twice"};
    case csv::FaultKind::kBareCarriageReturn:
      return {"有单独的回车符：行须以LF或CRLF结束", "there is a carriage return alone: lines end with LF or CRLF"};
    case csv::FaultKind::kNul:
      return {"行内有NUL字节：请去掉", "the row has a NUL byte: remove it"};
    case csv::FaultKind::kInvalidUtf8:
      return {"不是有效的UTF-8：请以UTF-8保存文件", "the row is not valid UTF-8: save the file as UTF-8"};
    case csv::FaultKind::kColumnCount:
      return {"本行有" + std::to_string(reject.detail2) + "个字段，与表头不同",
              "the row has " + std::to_string(reject.detail2) + (reject.detail2 == 1 ? " field" : " fields") +
                  ", not as many as the header has columns"};
    case csv::FaultKind::kFieldTooLong:
      return {"字段超过1 MiB", "a field is longer than " + std::to_string(limits.field_bytes_max) + " bytes"};
    case csv::FaultKind::kRecordTooLong:
      return {"本行超过16 MiB", "the row is longer than " + std::to_string(limits.record_bytes_max) + " bytes"};
    case csv::FaultKind::kNone:
      break;
  }
  return {"行格式错误", "the row is malformed"};
}

std::string joined(const std::vector<std::string>& values) {
  constexpr size_t kShown = 30;
  std::string text;
  for (size_t i = 0; i < values.size() && i < kShown; ++i) text += (i == 0 ? "" : ", ") + values[i];
  return values.size() > kShown ? text + " …" : text;
}

}  // namespace

std::string printable(std::string_view text, size_t bytes_max) {
  std::string out;
  for (size_t i = 0; i < text.size();) {
    const auto c = static_cast<unsigned char>(text[i]);
    size_t size = c < 0x80 ? 1 : c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : 2;
    std::string_view shown = text.substr(i, size);
    if (c < 0x20 || c == 0x7F) {
      shown = c == '\n' || c == '\t' || c == '\r' ? " " : "\xEF\xBF\xBD";
    } else if (!csv::is_utf8(shown.data(), shown.size())) {
      shown = "\xEF\xBF\xBD";
      size = 1;
    }
    if (out.size() + shown.size() > bytes_max) {
      while (out.size() + 3 > bytes_max && !out.empty()) {
        do {
          const char last = out.back();
          out.pop_back();
          if ((static_cast<unsigned char>(last) & 0xC0) != 0x80) break;
        } while (!out.empty());
      }
      return out + "…";
    }
    out += shown;
    i += size;
  }
  return out;
}

void Rejects::add(Reject reject, std::string_view value, std::string_view employee) {
  const std::string shown = printable(value, kShownBytesMax), who = printable(employee, kEmployeeBytesMax);
  reject.value_at = texts.size();
  reject.value_size = static_cast<uint16_t>(shown.size());
  reject.employee_size = static_cast<uint16_t>(who.size());
  texts += shown;
  texts += who;
  list.push_back(reject);
}

scheme::Labels error_text(const Reject& reject, std::string_view value, const FileSpec& file) {
  if (reject.kind == RejectKind::kMalformedRow) return malformed_text(reject, file);
  const ColumnSpec* column = reject.column == kNoColumn ? nullptr : &file.columns[reject.column];
  scheme::Labels text;
  if (column != nullptr) {
    text.en = "column '" + column->name + "': ";
    text.zh = column->labels.zh.empty() || column->labels.zh == column->name
                  ? "“" + column->name + "”列："
                  : "“" + column->labels.zh + "”（" + column->name + "）列：";
  }
  const auto say = [&](const std::string& zh, const std::string& en) {
    text.zh += zh;
    text.en += en;
    return text;
  };
  const std::string shown(value), quoted = "'" + shown + "'";
  const auto bound = [&](const std::optional<int64_t>& limit, bool exclusive, int one_unit) {
    const int64_t written = limit.value_or(0) + (exclusive ? one_unit : 0);
    return column->type.name == scheme::TypeName::kDate ? scheme::date_to_text(static_cast<int32_t>(written))
                                                        : scheme::scaled_to_text(written, column->type.scale);
  };
  switch (reject.kind) {
    case RejectKind::kMissingValue:
      return say("为空，必须填写", "the value is missing: give one");
    case RejectKind::kNotANumber:
      return say("“" + shown + "”不是数字，须如12.50（无加号、指数、空格、千分位）",
                 quoted + " is not a number: write it like 12.50, without plus sign, exponent, spaces or separators");
    case RejectKind::kTooManyDecimals: {
      const std::string n = std::to_string(column->type.scale);
      return say(shown + "的小数超过" + n + "位",
                 shown + " has more than the " + n + " decimals allowed: round it first");
    }
    case RejectKind::kTooLarge:
      return say(shown + "太大", shown + " is too large to be computed exactly");
    case RejectKind::kBelowMinimum: {
      const std::string least = bound(column->type.min, column->type.min_exclusive, -1);
      if (column->type.min_exclusive) return say(shown + "须大于" + least, shown + " is not above " + least);
      return say(shown + "低于最小值" + least, shown + " is below the minimum " + least);
    }
    case RejectKind::kAboveMaximum: {
      const std::string most = bound(column->type.max, column->type.max_exclusive, 1);
      if (column->type.max_exclusive) return say(shown + "须小于" + most, shown + " is not below " + most);
      return say(shown + "高于最大值" + most, shown + " is above the maximum " + most);
    }
    case RejectKind::kNotListed: {
      const std::string list = joined(column->type.values);
      return say("“" + shown + "”不在允许的值之内：" + list, quoted + " is not one of " + list);
    }
    case RejectKind::kNotBoolean:
      return say("“" + shown + "”须为true或false", quoted + " is neither true nor false: write one of these");
    case RejectKind::kNotADate:
      return say("“" + shown + "”不是存在的日期，须如2026-10-31",
                 quoted + " is not a date that exists: write it like 2026-10-31");
    case RejectKind::kNotAPeriod:
      return say("“" + shown + "”不是期间，须如2026-10、2026-Q3、2026-H1、2026",
                 quoted + " is not a period: write it like 2026-10, 2026-Q3, 2026-H1 or 2026");
    case RejectKind::kPeriodTooOld:
      return say(shown + "早于可读取的" + std::to_string(kHistoryPeriodsMax) + "个期间",
                 shown + " is more than " + std::to_string(kHistoryPeriodsMax) + " periods ago: leave the row out");
    case RejectKind::kTextTooLong:
      return say("文字超过" + std::to_string(kTextBytesMax) + "字节",
                 "the text is longer than " + std::to_string(kTextBytesMax) + " bytes");
    case RejectKind::kNoEmployee:
      return say("没有员工编号", "the row has no employee id: give one");
    case RejectKind::kEmployeeTooLong:
      return say("员工编号超过" + std::to_string(kEmployeeBytesMax) + "字节",
                 "the employee id is longer than " + std::to_string(kEmployeeBytesMax) + " bytes");
    case RejectKind::kDuplicateEmployee:
      return say("员工“" + shown + "”重复（另见第" + std::to_string(reject.detail) + "行），每人只能有一行",
                 "employee " + quoted + " is also in line " + std::to_string(reject.detail) + ": keep one row");
    case RejectKind::kDuplicateKey:
      return say("与第" + std::to_string(reject.detail) + "行重复，只能保留一行",
                 "the row has the same key as line " + std::to_string(reject.detail) + ": keep one of them");
    case RejectKind::kDuplicatePeriod:
      return say("该员工" + shown + "的记录重复，只能保留一行",
                 "the employee has another row of " + shown + ": keep one of them");
    case RejectKind::kUnknownEmployee:
      return say("人员表中没有员工“" + shown + "”",
                 "employee " + quoted + " is not in population.csv: add it or leave the row out");
    case RejectKind::kMalformedRow:
      break;
  }
  return text;
}

}  // namespace kaogong::folder
