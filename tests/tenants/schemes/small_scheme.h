// A scheme that is small enough to be seen at once.
#pragma once

#include <string>

namespace kaogong::tenants::test {

inline std::string small_scheme(const std::string& id = "small", const std::string& rate = "0.1") {
  return "kaogong: 1\nid: " + id +
         "\nversion: 1\nlabels: {zh: 测试, en: Test}\nperiods: [month]\ninputs:\n"
         "  wage: {type: money, min: 0}\n  late: {type: count, min: 0}\ntables:\n  ratings:\n    columns:\n"
         "      rater: {type: string}\n      points: {type: number, decimals: 1, min: 0, max: 10}\n    key: [rater]\n"
         "lookups:\n  posts:\n    columns:\n      post: {type: string}\n      share: {type: rate}\n    key: [post]\n"
         "parameters:\n  share: {type: rate, default: " +
         rate +
         "}\ndecisions:\n  bonus: {type: money, expr: 'wage * share'}\n  points: {type: score, expr: "
         "'sum(ratings.points)'}\n"
         "  first: {type: rate, expr: 'posts(\"a\").share'}\n"
         "  punctual: {type: boolean, expr: 'late = 0'}\noutputs: [bonus, points, first, punctual]\n";
}

}  // namespace kaogong::tenants::test
