# A payslip of employee `who`, from population.csv and results.csv.
function rule(a, b) { printf "   %s%s%s\n", a, times("─", 66), b }
function row(text, amount) { printf "   │ %s%s │\n", left(text, 46), right(amount, 18) }
function head(text) { printf "   │ %s%s%s │\n", bold, left(text, 64), plain }
function line(sign, chinese, english, name,    amount) {
  amount = result[name]
  if (amount + 0 != 0) row("  " left(chinese, 22) english, sign grouped(amount))
}
function total(chinese, english, name) {
  printf "   │ %s%s%s%s │\n", bold, left(left(chinese, 24) english, 46), right(grouped(result[name]), 18), plain
}
FNR == 1 {
  ++file
  for (i = 1; i <= NF; ++i) header[file, i] = $i
  next
}
$1 == who {
  for (i = 1; i <= NF; ++i) {
    if (file == 1) input[header[1, i]] = $i
    else result[header[2, i]] = $i
  }
}
END {
  if (!("gross_pay" in result)) exit 1
  rule("╭", "╮")
  head("工资条 Payslip                                    2026-10")
  rule("├", "┤")
  row(input["name"] "  " input["department_name"], who)
  row(zh[input["position"]] " " input["position"] ", 职等 level " input["level"], "出勤 " input["attendance_days"] " 天")
  row("考核得分 score " result["score"] ", " zh[result["grade"]] " " result["grade"], "部门第 " result["department_rank"] " 名")
  rule("├", "┤")
  head("应得 Earnings")
  line("", "基本工资", "base wage", "base_wage")
  line("", "浮动工资", "floating wage", "floating_wage")
  line("", "业务津贴", "allowance", "allowance")
  line("", "发放提成(70%)", "commission paid", "commission_paid")
  line("", "提前回款奖励", "early payment", "early_reward")
  line("", "追回退还", "refund after recovery", "risk_refund")
  total("应得收入", "earnings", "earnings")
  rule("├", "┤")
  head("扣款 Deductions")
  line("", "逾期回款罚款", "late payment", "late_penalty")
  line("", "风险赔偿", "risk compensation", "risk_compensation")
  line("", "坏账扣罚", "bad debt", "bad_debt_deduction")
  carried = result["deductions_due"] - result["late_penalty"] - result["risk_compensation"] - result["bad_debt_deduction"]
  if (carried > 0.004) row("  " left("上月结转", 22) "brought forward", grouped(sprintf("%.2f", carried)))
  total("本月实扣", "applied, at most 20 %", "deductions_applied")
  line("", "结转下月", "carried over", "deductions_carried")
  rule("├", "┤")
  total("应发工资", "gross pay", "gross_pay")
  rule("╰", "╯")
  printf "   %s提成 commission %s, of which kept back as a deposit 风险保证金 %s%s\n", dim, grouped(result["commission"]),
    grouped(result["commission_retained"]), plain
}
