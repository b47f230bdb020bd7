#!/usr/bin/env bash
# Runs the program: exit statuses, files, and every class of bad input. usage: command_test.sh PROGRAM
set -uo pipefail
export LC_ALL=C.UTF-8
# shellcheck source-path=SCRIPTDIR
source "$(dirname -- "$0")/expect.sh"
same() { # same FILE TEXT
  [[ $(cat -- "$1") == "$2" ]] || { fail "$1 is not as expected"; diff <(printf '%s\n' "$2") "$1" | head -n 10; }
}
rejected() { grep -qF -- "$1" result/rejects.csv || { fail "rejects.csv has no: $1"; cat result/rejects.csv; }; }

cat >scheme.yaml <<'YAML'
kaogong: 1
id: test
version: 1
labels: {zh: 测试, en: Test}
periods: [month]
inputs:
  wage: {type: money, min: 0, max: 100000}
  level: {type: count, min: 1, max: 3}
  hired: {type: date, nullable: true}
tables:
  ratings:
    columns:
      rater: {type: string}
      points: {type: number, decimals: 1, min: 0, max: 10}
    key: [rater]
parameters:
  share: {type: rate, default: 0.1}
decisions:
  bonus: {type: money, expr: 'wage * share * level'}
  points: {type: score, expr: 'sum(ratings.points)'}
  has_date: {type: boolean, expr: 'hired != null'}
outputs: [bonus, points, has_date]
YAML
fresh() {
  rm -rf data result
  mkdir data
  printf 'employee,wage,level,hired\nE1,1000.00,1,2020-02-29\nE2,2000.55,3,\n' >data/population.csv
}
score() { # score STATUS [ARGUMENT...]
  local wanted=$1
  shift
  expect "$wanted" score --scheme scheme.yaml --period 2026-10 --data data --out result "$@"
}

# -- It works ---------------------------------------------------------------------------------------------------------
fresh
score 0
prints '2 rows, 0 refused'
same result/results.csv $'employee,bonus,points,has_date\nE1,100.00,0.00,true\nE2,600.17,0.00,false'
same result/rejects.csv 'file,line,employee,column,value,error'
[[ ! -s err.txt ]] || fail "no progress bar where standard error is not a terminal"
cp result/results.csv first.csv
for options in '--threads 1' '--threads 2 --morsel 1' '--threads 7 --morsel 3' --reference; do
  # shellcheck disable=SC2086
  score 0 $options
  cmp -s first.csv result/results.csv || fail "$options: other bytes"
done
score 0 --quiet
[[ ! -s out.txt ]] || fail "--quiet prints something"
printf 'name,value\nshare,0.2\n' >data/parameters.csv
printf '\xef\xbb\xbfrater,points,note,employee\r\n"a,b",7.5,"x\ny",E2\r\n' >data/ratings.csv
score 0
same result/results.csv $'employee,bonus,points,has_date\nE1,200.00,0.00,true\nE2,1200.33,7.50,false'
fresh
printf 'employee,wage,level,hired\n' >data/population.csv
score 0
same result/results.csv 'employee,bonus,points,has_date'

# -- Refused rows: exit status 2 --------------------------------------------------------------------------------------
fresh
{
  printf 'employee,wage,level,hired\n'
  printf 'E1,-1,7,2026-02-30\nE2,1.234,1,\nE3,inf,1,\nE4,1e3,1,\nE5,NaN,1,\nE6,,1,\nE7,100000.01,1,\n'
  printf 'E8,1,1\nE9,1,1,,\nE10,"1"x,1,\nE11,1"2,1,\nE12,1,1,\xff\nE13,1,1,\0\n'
  printf 'E14,1,1,\nE15,1,1,\nE14,1,1,\nE16,99999999999999999999999999999999999999,1,\n'
  printf 'E17,%s,1,\nOK,1000,2,\n' "$(head -c 2000000 /dev/zero | tr '\0' 9)"
} >data/population.csv
printf 'employee,rater,points\nOK,a,5\nNOBODY,a,5\nE15,a,5\nE15,a,6\nE1,b,11\n' >data/ratings.csv
score 2
same result/results.csv $'employee,bonus,points,has_date\nOK,200.00,5.00,false'
rejected "population.csv,2,E1,wage,-1,column 'wage': -1 is below the minimum 0.00"
rejected "population.csv,2,E1,level,7,column 'level': 7 is above the maximum 3"
rejected 'population.csv,2,E1,hired,2026-02-30,'
rejected 'population.csv,3,E2,wage,1.234,'
rejected 'population.csv,4,E3,wage,inf,'
rejected 'population.csv,5,E4,wage,1e3,'
rejected 'population.csv,6,E5,wage,NaN,'
rejected 'population.csv,7,E6,wage,,'
rejected 'population.csv,8,E7,wage,100000.01,'
rejected 'the row has 3 fields'
rejected 'the row has 5 fields'
rejected 'text after a closing quote'
rejected 'a quote inside an unquoted field'
rejected 'not valid UTF-8'
rejected 'NUL'
rejected "population.csv,15,E14,employee,E14,"
rejected "population.csv,17,E14,employee,E14,"
rejected 'ratings.csv,5,E15,rater,a,'
rejected 'population.csv,18,E16,wage,'
rejected 'a field is longer than 1048576 bytes'
rejected 'ratings.csv,6,E1,points,11,'
[[ $(tail -n 1 result/rejects.csv) == 'ratings.csv,3,NOBODY,employee,NOBODY,'* ]] || fail 'orphans stand last'
score 2 --lang zh
rejected '低于最小值0.00'

# -- Nothing could be done: exit status 1 -----------------------------------------------------------------------------
fresh
rm data/population.csv
score 1
says 'population.csv is missing'
fresh
printf 'employee,wage,hired\nE1,1,\n' >data/population.csv
score 1
says "population.csv lacks the column 'level'"
: >data/population.csv
score 1
says 'population.csv is empty'
printf 'employee,wage,level,hired\nE1,"1,1,\nE2,1,1,\n' >data/population.csv
score 1
says 'line 2: a quote is opened here and never closed'
[[ ! -e result/results.csv ]] || fail 'results.csv was written although nothing could be done'
fresh
printf 'name,value\nshare,x\n' >data/parameters.csv
score 1
says "parameters.csv line 2: column 'share': 'x' is not a number"
fresh
expect 1 score --scheme scheme.yaml --period 2026-Q3 --data data --out result
says 'runs for: month'
expect 1 score --scheme scheme.yaml --period 2026-13 --data data --out result
says 'is not a period'
expect 1 score --scheme nothing.yaml --period 2026-10 --data data --out result
says 'cannot be read'
expect 1 score --template kitchen-montly --period 2026-10 --data data --out result
says 'kitchen-monthly'
expect 1 score --template kitchen-monthly --scheme scheme.yaml --period 2026-10 --data data --out result
expect 1 score --scheme scheme.yaml --period 2026-10 --data nowhere --out result
says 'nowhere'
expect 1 score --scheme scheme.yaml --period 2026-10 --data data --out scheme.yaml/x
expect 1 score --scheme data --period 2026-10 --data data --out result
printf 'kaogong: 1\nid: [\n' >broken.yaml
expect 1 score --scheme broken.yaml --period 2026-10 --data data --out result
says 'broken.yaml:'

# -- A line of 1 GB in bounded memory ---------------------------------------------------------------------------------
if [[ -z ${KAOGONG_TEST_SHORT:-} ]]; then
  fresh
  printf 'E3,' >>data/population.csv
  truncate -s 1G data/population.csv # the rest of the file is one line of NUL bytes, and takes no room on the disk
  if [[ $(ulimit -v) == unlimited ]] && ! instrumented; then ulimit -S -v 4000000; fi
  score 2
  ulimit -S -v unlimited
  rejected 'population.csv,4,E3,'
  rejected 'the row is longer than 16777216 bytes'
  [[ $(wc -l <result/results.csv) == 3 ]] || fail 'the rows before the huge one were not computed'
fi

# -- The other commands -----------------------------------------------------------------------------------------------
expect 0 --help
prints 'kaogong template list'
expect 0 score --help
prints 'Exit status'
expect 1
expect 1 nonsense
expect 0 version
prints 'kaogong '
expect 0 template list
prints 'trade-monthly'
(($(wc -l <out.txt) == 19)) || fail 'there are 19 templates'
expect 0 template show kitchen-monthly
prints 'id: kitchen-monthly'
expect 1 template show nothing
expect 0 scheme schema
prints '$schema'
expect 0 scheme check scheme.yaml
sed 's/wage \* share/wagge * share/' scheme.yaml >wrong.yaml
expect 1 scheme check wrong.yaml
prints 'wrong.yaml:'
prints 'error:'
expect 1 scheme check --format json wrong.yaml
prints '"severity":"error"'
expect 0 scheme diff scheme.yaml scheme.yaml
prints 'no difference'
sed 's/share \* level/share/' scheme.yaml >other.yaml
expect 0 scheme diff scheme.yaml other.yaml
prints 'bonus'

# A kit of one case, whose expected value is right in eight decimals only.
mkdir kit
cat >kit/model.dmn <<'XML'
<definitions xmlns='https://www.omg.org/spec/DMN/20230324/MODEL/' namespace='n'><decision name='d'><variable name='d'/>
<literalExpression><text>2/3</text></literalExpression></decision></definitions>
XML
cat >kit/test.xml <<'XML'
<testCases xmlns='t' xmlns:xsi='x'><modelName>model.dmn</modelName><testCase id='1'><resultNode name='d'><expected>
<value xsi:type='xsd:decimal'>0.666666666699999</value></expected></resultNode></testCase></testCases>
XML
expect 0 tck kit
prints '1 of the passed agree in 8 decimals only'
[[ $(tail -n 1 out.txt) == '1 passed, 0 failed' ]] || fail 'the last line is the summary'
expect 2 tck kit --exact
prints '1 of the failed agree in 8 decimals only'
[[ $(tail -n 1 out.txt) == '0 passed, 1 failed' ]] || fail 'the last line is the summary'

finish
