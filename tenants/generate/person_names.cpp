#include "tenants/generate/person_names.h"

#include <array>
#include <string_view>

namespace kaogong::generate {

namespace {

using std::string_view_literals::operator""sv;

// The commonest first: append_person_name prefers the front.
constexpr std::array kSurnames = {
    "王"sv, "李"sv, "张"sv, "刘"sv, "陈"sv, "杨"sv, "黄"sv, "赵"sv, "吴"sv, "周"sv, "徐"sv,   "孙"sv,   "马"sv,
    "朱"sv, "胡"sv, "郭"sv, "何"sv, "林"sv, "罗"sv, "高"sv, "郑"sv, "梁"sv, "谢"sv, "宋"sv,   "唐"sv,   "许"sv,
    "韩"sv, "邓"sv, "冯"sv, "曹"sv, "彭"sv, "曾"sv, "肖"sv, "田"sv, "董"sv, "潘"sv, "袁"sv,   "蔡"sv,   "蒋"sv,
    "余"sv, "于"sv, "杜"sv, "叶"sv, "程"sv, "魏"sv, "苏"sv, "吕"sv, "丁"sv, "任"sv, "卢"sv,   "姚"sv,   "沈"sv,
    "钟"sv, "姜"sv, "崔"sv, "谭"sv, "陆"sv, "范"sv, "汪"sv, "廖"sv, "石"sv, "金"sv, "韦"sv,   "贾"sv,   "夏"sv,
    "付"sv, "方"sv, "邹"sv, "熊"sv, "白"sv, "孟"sv, "秦"sv, "邱"sv, "侯"sv, "江"sv, "尹"sv,   "薛"sv,   "闫"sv,
    "段"sv, "雷"sv, "龙"sv, "黎"sv, "史"sv, "陶"sv, "贺"sv, "毛"sv, "郝"sv, "顾"sv, "龚"sv,   "邵"sv,   "万"sv,
    "覃"sv, "武"sv, "钱"sv, "戴"sv, "严"sv, "莫"sv, "孔"sv, "向"sv, "常"sv, "汤"sv, "欧阳"sv, "司马"sv, "诸葛"sv,
};

constexpr std::array kFirst = {
    "子"sv, "梓"sv, "浩"sv, "宇"sv, "思"sv, "雨"sv, "嘉"sv, "佳"sv, "欣"sv, "晓"sv, "志"sv, "建"sv, "国"sv,
    "文"sv, "明"sv, "俊"sv, "一"sv, "天"sv, "海"sv, "春"sv, "秋"sv, "美"sv, "丽"sv, "秀"sv, "玉"sv, "红"sv,
    "永"sv, "振"sv, "家"sv, "学"sv, "立"sv, "正"sv, "元"sv, "安"sv, "若"sv, "诗"sv, "梦"sv, "雅"sv, "静"sv,
    "书"sv, "锦"sv, "瑞"sv, "泽"sv, "奕"sv, "景"sv, "彦"sv, "承"sv, "少"sv, "亦"sv, "清"sv, "慧"sv, "心"sv,
};

constexpr std::array kSecond = {
    "轩"sv, "涵"sv, "然"sv, "怡"sv, "琪"sv, "萱"sv, "杰"sv, "强"sv, "军"sv, "平"sv, "伟"sv, "芳"sv,
    "娟"sv, "敏"sv, "霞"sv, "燕"sv, "玲"sv, "婷"sv, "雪"sv, "梅"sv, "兰"sv, "英"sv, "华"sv, "勇"sv,
    "磊"sv, "涛"sv, "鹏"sv, "飞"sv, "超"sv, "辉"sv, "刚"sv, "健"sv, "斌"sv, "峰"sv, "林"sv, "龙"sv,
    "洋"sv, "博"sv, "睿"sv, "哲"sv, "航"sv, "凯"sv, "琳"sv, "颖"sv, "瑶"sv, "悦"sv, "宁"sv, "月"sv,
    "云"sv, "青"sv, "松"sv, "竹"sv, "晨"sv, "阳"sv, "旭"sv, "坤"sv, "恒"sv, "源"sv, "霖"sv, "远"sv,
};

constexpr std::array kRegions = {
    "华东"sv, "华南"sv, "华北"sv, "华中"sv, "西南"sv,   "西北"sv, "东北"sv, "欧洲"sv,
    "北美"sv, "南美"sv, "中东"sv, "非洲"sv, "东南亚"sv, "日韩"sv, "南亚"sv, "大洋洲"sv,
};

constexpr std::array kDigits = {"零"sv, "一"sv, "二"sv, "三"sv, "四"sv, "五"sv, "六"sv, "七"sv, "八"sv, "九"sv};

// 1 to 99 as 一, 十, 十二, 二十, 二十一; beyond that in figures.
void append_ordinal(std::string* out, uint64_t n) {
  if (n >= 100) {
    out->append(std::to_string(n));
    return;
  }
  if (n >= 20) out->append(kDigits[n / 10]);
  if (n >= 10) out->append("十");
  if (n % 10 != 0) out->append(kDigits[n % 10]);
}

}  // namespace

void append_person_name(std::string* out, Random& random) {
  // The lesser of two numbers: names at the front come up most, those at the end hardly ever, as in a real company.
  const uint32_t a = random.below(kSurnames.size()), b = random.below(kSurnames.size());
  out->append(kSurnames[a < b ? a : b]);
  if (random.chance(820)) out->append(kFirst[random.below(kFirst.size())]);
  out->append(kSecond[random.below(kSecond.size())]);
}

void append_department_name(std::string* out, uint64_t number) {
  const uint64_t place = number == 0 ? 0 : number - 1;
  out->append(kRegions[place % kRegions.size()]);
  out->append("业务");
  append_ordinal(out, place / kRegions.size() + 1);
  out->append("部");
}

}  // namespace kaogong::generate
