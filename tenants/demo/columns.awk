# The columns `wanted`, of the rows that have a score.
NR == 1 {
  read_header()
  count = split(wanted, names, ",")
  next
}
$(place["score"]) != "" {
  line = ""
  for (i = 1; i <= count; ++i) line = line (i > 1 ? "," : "") $(place[names[i]])
  print line
}
