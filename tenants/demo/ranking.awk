# The first ten of a sorted list: score, gross_pay, employee, name, department_name, position, grade.
NR == 1 {
  printf "   %s%s %s %s  %s %s %s %s%s\n", dim, right("", 4), right("score", 7), right("gross pay", 11), left("employee", 10),
    left("name", 10), left("department", 20), "position", plain
}
NR <= 10 {
  if ($1 != before) rank = NR
  before = $1
  printf "   %s %s %s  %s %s %s %s\n", right(rank, 4), bold right($1, 7) plain, right(grouped($2), 11), left($3, 10),
    left($4, 10), left($5, 20), zh[$6] " " $6
}
