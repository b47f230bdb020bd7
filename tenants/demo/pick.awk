# The employee with the most to see: all kinds of figures first, then the higher score.
NR == 1 { read_header(); next }
{
  score = $(place["score"])
  if (score == "" || $(place["commission"]) + 0 == 0) next
  worth = score + 1000 * ($(place["late_penalty"]) + 0 > 0) + 1000 * ($(place["early_reward"]) + 0 > 0)
  worth += 1000 * ($(place["deductions_applied"]) + 0 > 0) + 500 * ($(place["risk_refund"]) + 0 > 0)
  if (worth > best) {
    best = worth
    employee = $(place["employee"])
  }
}
END {
  if (employee == "") exit 1
  print employee
}
