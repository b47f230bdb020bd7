#include "engine/reference/refusal.h"

#include <array>
#include <utility>

namespace kaogong::reference {
namespace {

struct Wording {
  std::string_view en, zh;
};

// What the evaluator says word for word, and how messages begin that name values.
constexpr std::array<Wording, 9> kWhole = {{
    {"division by zero", "除数为零"},
    {"number out of range", "数值超出范围"},
    {"not defined for this number", "该数值无法进行此运算"},
    {"the expression takes too long", "表达式计算过久"},
    {"nested too deeply", "嵌套过深"},
    {"the list is too long", "列表过长"},
    {"the string is too long", "字符串过长"},
    {"the sum is out of range", "结果超出范围"},
    {"the range is too long", "区间过长"},
}};
constexpr std::array<Wording, 7> kBegin = {{
    {"cannot order ", "空值或不同类型不能比较大小"},
    {"cannot compare ", "不同类型不能比较"},
    {"cannot compute ", "空值或不同类型不能运算"},
    {"unknown name ", "未知名称"},
    {"the condition is ", "条件不是真假值"},
    {"there is no item ", "列表中没有该项"},
    {"cannot filter ", "不能筛选"},
}};

}  // namespace

scheme::Labels worded(const std::string& message) {
  for (const Wording& wording : kWhole) {
    if (message == wording.en) return {std::string(wording.zh), message};
  }
  for (const Wording& wording : kBegin) {
    if (message.starts_with(wording.en)) return {std::string(wording.zh) + "(" + message + ")", message};
  }
  return {"无法计算(" + message + ")", message};
}

void refuse_poison(const feel::Value& value) {
  if (!value.is(feel::ValueKind::kFunction)) return;
  if (const auto* poison = dynamic_cast<const Poison*>(&value.as_function())) throw poison->refusal();
}

}  // namespace kaogong::reference
