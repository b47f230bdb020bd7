// Foreign trade: money that follows from position and ability, receivables of every kind that the rules know.
#include <algorithm>
#include <array>

#include "engine/feel/civil.h"
#include "tenants/generate/profile.h"

namespace kaogong::generate {

namespace {

constexpr Cell kYuan = 100;  // in fen

// -- Receivables ------------------------------------------------------------------------------------------------------

struct ReceivableColumns {
  explicit ReceivableColumns(const FilePlan& table)
      : invoice(table.place("invoice")),
        amount(table.place("amount")),
        due_date(table.place("due_date")),
        paid_date(table.place("paid_date")),
        commission(table.place("commission")),
        company_fault(table.place("company_fault")),
        loss(table.place("loss")) {}
  size_t invoice, amount, due_date, paid_date, commission, company_fault, loss;
};

struct Days {
  int32_t first = 0, last = 0;

  int32_t any(Random& random) const { return static_cast<int32_t>(random.between(first, last)); }
};

void make_receivable(const ReceivableColumns& at, Days period, const Person& person, uint32_t number, Random& random,
                     Cell* row) {
  namespace civil = feel::civil;
  row[at.invoice] = static_cast<Cell>(person.index) * 8 + number + 1;
  const Cell amount = random.between(30, 900) * 100 * kYuan + random.between(0, 9999);
  row[at.amount] = amount;
  row[at.commission] = amount * random.between(70, 110) / 10000;
  row[at.company_fault] = random.chance(60) ? 1 : 0;
  row[at.loss] = 0;
  row[at.paid_date] = kNull;
  const uint32_t fate = random.below(100);
  if (fate < 50) {  // paid in the period, about when it was due
    row[at.paid_date] = period.any(random);
    row[at.due_date] = row[at.paid_date] + random.between(-18, 25);
  } else if (fate < 70) {  // paid in the period, late
    row[at.paid_date] = period.any(random);
    row[at.due_date] = row[at.paid_date] - random.between(16, 120);
  } else if (fate < 88) {  // not paid yet
    row[at.due_date] = period.last - random.between(-20, 140);
    if (random.chance(100)) row[at.paid_date] = period.last + random.between(1, 10);  // after the as-of day
  } else if (fate < 94) {  // half a year late at the end of this period
    const int32_t six_months_ago = civil::add_months(period.first, -6);
    row[at.due_date] = six_months_ago + static_cast<Cell>(random.below(27));
    row[at.loss] = amount * random.between(15, 60) / 100;
  } else {  // recovered in this period after compensation was charged
    row[at.paid_date] = period.any(random);
    row[at.due_date] = civil::add_months(period.first, -static_cast<int32_t>(random.between(8, 13)));
    row[at.loss] = amount * random.between(10, 50) / 100;
  }
}

void add_receivables(Plan& plan, size_t position, Cell leader) {
  TablePlan& table = plan.table("receivables");
  table.column("invoice").format = {Format::Kind::kNumbered, 0, "INV", 8};
  const ReceivableColumns at(table);
  const Days period{scheme::first_day(plan.period), scheme::last_day(plan.period)};
  table.make_rows = [=](const Person& person, Random& random, Rows* rows) {
    const uint32_t count = person.cells[position] == leader ? random.below(2) : random.below(4);
    for (uint32_t i = 0; i < count; ++i) make_receivable(at, period, person, i, random, rows->add());
  };
}

}  // namespace

void profile_trade_monthly(Plan& plan) {
  FilePlan& p = plan.population;
  p.column("position").weights({24, 34, 36, 6});
  p.column("level").by_skill(500, 260);
  p.column("attendance_days").range(190, 230, 1, 5).normal(600, 250);
  p.column("bad_debt_loss").range(500, 30000, 0, 100).tail().zero(970);
  p.column("quarter_bonus").range(500, 3000, 0, 100).zero(150);
  p.column("exposures").range(1, 2).tail().zero(965);
  p.column("exposures_year").range(0, 2).tail().zero(900);
  p.column("serious_harm").weights({997, 3});
  p.column("violation").weights({998, 2});
  const size_t position = p.place("position"), level = p.place("level"), collected = p.place("collected"),
               cost = p.place("cost"), days = p.place("attendance_days"), exposures = p.place("exposures"),
               exposures_year = p.place("exposures_year");
  const Cell assistant = plan.symbol("assistant"), junior = plan.symbol("junior"), leader = plan.symbol("leader");
  p.adjust = [=](const Person& person, Random& random, Cell* row) {
    const Cell of = row[position];
    const Cell usual = (of == assistant ? 330'000
                        : of == junior  ? 480'000
                        : of == leader  ? 1'300'000
                                        : 900'000) *
                       kYuan;
    // From a third of the usual to nearly twice as much, and by the level.
    const Cell share = by_ability(person, random, 300, 1900, 1, 440, 170) * (80 + 10 * row[level]);
    row[collected] = usual / 100'000 * share + random.between(0, 99);
    row[cost] = row[collected] / 1000 * random.between(120, 420);
    if (random.chance(15)) row[cost] += row[collected];  // a month of loss
    if (random.chance(40)) row[days] = random.between(0, 36) * 5;
    row[exposures_year] += row[exposures];
  };
  TablePlan& ratings = plan.table("ratings");
  ratings.column("points").by_skill(660, 170).unsteady();
  add_receivables(plan, position, leader);
  plan.history.column("deductions_carried").range(50, 3000, 0).tail();
  plan.history.column("deductions_carried").draw.step = 1;
  plan.recorded[0].present_permille = 120;
  plan.parameter("minimum_wage", "2300");
}

void profile_trade_leader_quarterly(Plan& plan) {
  FilePlan& p = plan.population;
  p.column("own_net").range(300'000, 3'000'000).by_skill(450, 180).draw.step = 1;
  p.column("team_net").range(1'500'000, 9'000'000).by_skill(500, 180).draw.step = 1;
  p.column("department_grade").weights({15, 40, 38, 7}, true);
}

void profile_trade_quarterly_awards(Plan& plan) {
  plan.population.column("score").by_skill(770, 70).draw.step = 1;  // few share the first rank
}

void profile_trade_annual(Plan& plan) {
  FilePlan& p = plan.population;
  p.column("is_leader").weights({95, 5});
  p.column("annual_net").range(200'000, 2'400'000).by_skill(380, 160).draw.step = 1;
  p.column("net_two_years_ago").range(150'000, 2'000'000).by_skill(380, 180).zero(120).draw.step = 1;
  p.column("score").by_skill(770, 70).draw.step = 1;  // few share the first rank
  p.column("retained").range(500, 9000).by_skill(400, 160).draw.step = 1;
  const size_t task = p.place("annual_task"), target = p.place("annual_target"),
               regularised = p.place("regularised_on");
  const Days year{scheme::first_day(plan.period), scheme::last_day(plan.period)};
  p.adjust = [=](const Person&, Random& random, Cell* row) {
    row[task] = row[target] = kNull;
    if (random.chance(300)) {
      row[task] = random.between(50, 110) * 10'000 * kYuan;
      row[target] = row[task] + row[task] / 100 * random.between(15, 40);
    }
    const uint32_t since = random.below(100);
    row[regularised] = since < 5 ? kNull : since < 15 ? year.any(random) : year.first - random.between(1, 3000);
  };
  LookupPlan& departments = plan.lookups[0];
  const size_t net = departments.place("net"), d_task = departments.place("task"),
               d_target = departments.place("target"), profit = departments.place("net_profit");
  departments.column("grade").weights({15, 40, 38, 7}, true);
  departments.column("score").by_skill(800, 80);
  departments.adjust = [=](const Person& department, Random& random, Cell* row) {
    row[d_task] = random.between(60, 180) * 100'000 * kYuan;
    row[d_target] = row[d_task] + row[d_task] / 4;
    row[net] = row[d_task] / 1000 * by_ability(department, random, 600, 1600, 1, 500, 200) + random.between(0, 99);
    row[profit] = row[net] / 1000 * random.between(80, 260);
  };
}

void profile_trade_annual_appraisal(Plan& plan) {
  plan.population.column("position").weights({6, 36, 34, 24});
  TablePlan& results = plan.table("results");
  const size_t position = plan.population.place("position"), item = results.place("item"),
               completion = results.place("completion"), rating = results.place("rating");
  const LookupRows* items = &plan.lookup("items");
  size_t kind = 0, step = 0;
  for (size_t c = 0; c < items->columns.size(); ++c) {
    if (items->columns[c] == "kind") kind = c;
    if (items->columns[c] == "step") step = c;
  }
  const Cell financial = plan.symbol("financial");
  const int64_t completion_unit = power_of_ten(results.columns[completion].format.scale - 4);
  const int64_t rating_unit = power_of_ten(results.columns[rating].format.scale - 2);  // a step has 2 decimals
  results.adjust = [=](const Person& person, Random& random, Cell* row) {
    const std::array<Cell, 2> key = {person.cells[position], row[item]};
    const std::vector<Cell>* found = items->find(key.data());
    row[completion] = row[rating] = kNull;
    if (found == nullptr) return;
    if ((*found)[kind] == financial) {
      row[completion] = by_ability(person, random, 4000, 12500, 1, 580, 150) * completion_unit;
    } else {
      row[rating] = (*found)[step] * rating_unit * by_ability(person, random, 1, 5, 1, 720, 170);
    }
  };
}

void profile_trade_kpi(Plan& plan) {
  FilePlan& p = plan.population;
  p.column("volume_target").range(300, 9000);
  p.column("growth_target").range(200, 2500, 4);
  p.column("new_customers_target").range(2, 12);
  p.column("bad_debt_limit").range(50, 250, 4);
  p.column("promotion_limit").range(500, 2500, 4);
  p.column("new_product_target").range(500, 2000, 4);
  const auto place = [&](std::string_view name) { return p.place(name); };
  const size_t target = place("sales_target"), sales = place("sales_amount"), volume = place("sales_volume"),
               volume_target = place("volume_target"), plan_sales = place("plan_sales"), prior = place("prior_sales"),
               customers = place("new_customers"), customers_target = place("new_customers_target"),
               collected = place("collected"), due = place("contract_due"), expense = place("selling_expense"),
               budget = place("expense_budget"), bad_debt = place("bad_debt_loss"), revenue = place("main_revenue"),
               promotion = place("promotion_cost"), output = place("promotion_output"),
               new_products = place("new_product_collections"), collections = place("actual_collections");
  const int64_t piece = power_of_ten(p.columns[volume].format.scale);
  p.adjust = [=](const Person& person, Random& random, Cell* row) {
    // Of a whole, so many in a thousand, more for an able person.
    const auto share = [&](Cell whole, Cell low, Cell high) {
      return whole / 1000 * by_ability(person, random, low, high, 1, 600, 170);
    };
    const auto reversed = [&](Cell whole, Cell low, Cell high) {
      return whole / 1000 * (low + high - by_ability(person, random, low, high, 1, 600, 170));
    };
    row[target] = random.between(30, 300) * 10'000 * kYuan;
    row[sales] = share(row[target], 500, 1300);
    row[volume] = share(row[volume_target], 500, 1300) / piece * piece;
    row[plan_sales] = row[target] / 100 * random.between(80, 110);
    row[prior] = row[sales] / 100 * random.between(75, 110);
    row[customers] = std::max<Cell>(0, row[customers_target] + random.between(-3, 2));
    row[due] = row[sales] / 100 * random.between(80, 120);
    row[collected] = share(row[due], 600, 1100);
    row[budget] = row[sales] / 1000 * random.between(20, 60);
    row[expense] = reversed(row[budget], 700, 1400);
    row[revenue] = row[sales];
    row[bad_debt] = random.chance(700) ? 0 : row[sales] / 1000 * random.between(1, 25);
    row[output] = row[sales] / 100 * random.between(20, 50);
    row[promotion] = row[output] / 1000 * random.between(40, 260);
    row[collections] = row[collected];
    row[new_products] = row[collected] / 1000 * random.between(20, 220);
  };
}

}  // namespace kaogong::generate
