# A bar chart of the grades.
NR == 1 { read_header(); next }
{
  grade = $(place["grade"])
  ++count[grade == "" ? "none" : grade]
  ++people
  if ($(place["score"]) != "") {
    total += $(place["score"])
    ++scored
  }
}
END {
  order = split("excellent good medium basic fail none", grades, " ")
  most = 1
  for (i = 1; i <= order; ++i) if (count[grades[i]] > most) most = count[grades[i]]
  zh["none"] = "不考核"
  for (i = 1; i <= order; ++i) {
    grade = grades[i]
    printf "   %s %s %s %s %s %5.1f %%\n", left(zh[grade], 8), left(grade == "none" ? "not graded" : grade, 10),
      (grade == "none" ? dim : green) left(times("█", int(count[grade] * 40 / most + 0.5)), 0) plain,
      spaces(40 - int(count[grade] * 40 / most + 0.5)), right(grouped(count[grade] + 0), 9), count[grade] * 100 / people
  }
  printf "\n   %smean score %.2f; not graded: leaders, who have an appraisal of their own, and the disqualified%s\n",
    dim, scored ? total / scored : 0, plain
}
