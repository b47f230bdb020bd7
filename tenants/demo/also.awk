# One line of timing from `kaogong score`, and the shares of a column's values from results.csv.
FNR == 1 { ++file }
file == 1 {
  said = $0
  next
}
FNR == 1 { read_header(); next }
{
  value = $(place[column])
  if (value == "") value = "none"
  ++count[value]
  ++people
}
END {
  printf "   %s%s%s %s  %s\n", bold, left(template, 26), plain, left(period, 8), said
  kinds = 0
  for (value in count) values[++kinds] = value
  # Most first: there are few.
  for (i = 1; i <= kinds; ++i)
    for (j = i + 1; j <= kinds; ++j)
      if (count[values[j]] > count[values[i]]) {
        swap = values[i]
        values[i] = values[j]
        values[j] = swap
      }
  line = ""
  for (i = 1; i <= kinds && i <= 6; ++i) line = line sprintf("   %s %.1f %%", values[i], count[values[i]] * 100 / people)
  printf "     %s%s:%s%s\n", dim, column, line, plain
}
