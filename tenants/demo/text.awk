# Functions for text in columns; files are read as bytes.

# How many columns of a terminal a text takes: characters of three bytes are Chinese and take two.
function width_of(s,    rest) {
  rest = s
  gsub(/[ -~]/, "", rest)
  return length(s) - length(rest) + int(length(rest) / 3) * 2
}
function spaces(n) { return n > 0 ? sprintf("%" n "s", "") : "" }
function left(s, width) { return s spaces(width - width_of(s)) }
function right(s, width) { return spaces(width - width_of(s)) s }
function times(s, n,    out) {
  out = ""
  while (n-- > 0) out = out s
  return out
}
# 1234567.80 as 1,234,567.80
function grouped(number,    sign, point, fraction, out) {
  sign = ""
  if (substr(number, 1, 1) == "-") {
    sign = "-"
    number = substr(number, 2)
  }
  fraction = ""
  point = index(number, ".")
  if (point > 0) {
    fraction = substr(number, point)
    number = substr(number, 1, point - 1)
  }
  out = ""
  while (length(number) > 3) {
    out = "," substr(number, length(number) - 2) out
    number = substr(number, 1, length(number) - 3)
  }
  return sign number out fraction
}
# Remembers which column of a header has which name.
function read_header(    i) {
  for (i = 1; i <= NF; ++i) if (!($i in place)) place[$i] = i
}
BEGIN {
  FS = ","
  zh["excellent"] = "优"; zh["good"] = "良"; zh["medium"] = "中"; zh["basic"] = "基本合格"; zh["fail"] = "不合格"
  zh["assistant"] = "业务助理"; zh["junior"] = "初级业务员"; zh["salesperson"] = "业务员"; zh["leader"] = "业务组长"
}
