// Customer service, logistics, sales, medical devices, kitchen.
#include "engine/feel/civil.h"
#include "tenants/generate/profile.h"

namespace kaogong::generate {

namespace {

void usual_wages(Plan& plan, std::string_view column) {
  plan.population.column(column).range(3500, 14000, 0, 100).by_skill(350, 170);
}

}  // namespace

void profile_customer_service_monthly(Plan& plan) {
  FilePlan& p = plan.population;
  p.column("post_wage").range(3000, 7500, 0, 100).by_skill(350, 170);
  p.column("personal_commission").range(200, 6000, 0).by_skill(350, 170).draw.step = 1;
  p.column("seniority_pay").range(0, 1000, 0, 50).tail();
  p.column("months_absent").range(0, 40, 1, 5).tail().zero(930);
  p.column("performance_score").by_skill(770, 120);
  p.column("ability_score").by_skill(790, 100);
  p.column("attitude_score").by_skill(810, 100);
  plan.history.column("rank").range(1, static_cast<int64_t>(plan.employees)).by_skill(500, 260).reversed().null(20);
  plan.history.column("grade").weights({10, 35, 33, 16, 6}, true).null(20);
  plan.parameter("public_sales", std::to_string(plan.employees * 50'000));
}

void profile_logistics_half_year(Plan& plan) {
  FilePlan& p = plan.population;
  p.column("late_early").range(1, 6).tail().zero(600);
  p.column("fine_warning").range(1, 3).tail().zero(880);
  p.column("minor_demerit").range(1, 2).tail().zero(960);
  p.column("major_demerit").range(1, 1).zero(993);
  p.column("praise").range(1, 5).tail().zero(600);
  p.column("minor_merit").range(1, 2).tail().zero(900);
  p.column("major_merit").range(1, 1).zero(985);
  p.column("absent_days").range(5, 20, 1, 5).tail().zero(960);
  p.column("personal_leave_days").range(5, 60, 1, 5).tail().zero(700);
  p.column("sick_leave_days").range(5, 100, 1, 5).tail().zero(750);
  TablePlan& ratings = plan.table("ratings");
  ratings.rows_min = 3;
  ratings.rows_max = 6;
  ratings.column("relation").weights({20, 30, 50});
  for (const char* item : {"performance", "skill", "quality", "attitude"}) ratings.column(item).by_skill(800, 110);
  plan.history.column("grade").weights({14, 36, 32, 13, 5}, true);
}

void profile_sales_monthly(Plan& plan) {
  FilePlan& p = plan.population;
  p.column("post").weights({62, 22, 12, 4});
  p.column("step_total").range(5000, 24000, 0, 100).by_skill(300, 170);
  p.column("band").weights({12, 34, 36, 18}, true);
  const size_t hired = p.place("hire_date"), band = p.place("band"), target = p.place("target"),
               actual = p.place("actual");
  const int32_t last = scheme::last_day(plan.period);
  const Cell band_a = plan.symbol("A"), band_c = plan.symbol("C");
  p.adjust = [=](const Person& person, Random& random, Cell* row) {
    row[hired] = last - (random.chance(80) ? random.between(0, 88) : random.between(95, 3300));
    row[target] = random.between(10, 120) * 1'000'000;  // in fen
    row[actual] = row[target] / 1000 * by_ability(person, random, 450, 1450, 1, 540, 160) + random.between(0, 99);
    const bool probation = feel::civil::add_months(static_cast<int32_t>(row[hired]), 3) > last;
    if (probation && random.chance(600)) row[target] = row[actual] = kNull;
    if (probation && row[band] == band_a && random.chance(900)) row[band] = band_c;
  };
  TablePlan& kpis = plan.table("kpis");
  const size_t kpi = kpis.place("kpi"), weight = kpis.place("weight"), attainment = kpis.place("attainment");
  const int64_t percent = power_of_ten(kpis.columns[weight].format.scale - 2);
  const int64_t fine = power_of_ten(kpis.columns[attainment].format.scale - 4);
  kpis.make_rows = [=](const Person& person, Random& random, Rows* rows) {
    const auto count = static_cast<uint32_t>(random.between(3, 5));
    int64_t left = 100;  // percent, in steps of 5
    for (uint32_t i = 0; i < count; ++i) {
      const uint32_t after = count - i - 1;
      const int64_t most = (left - 5 * after) / 5;
      const int64_t share = after == 0 ? left : 5 * random.between(1, most > 8 ? 8 : most);
      left -= share;
      Cell* row = rows->add();
      row[kpi] = i + 1;
      row[weight] = share * percent;
      row[attainment] = by_ability(person, random, 5000, 12500, 1, 580, 150) * fine;
    }
  };
}

void profile_sales_step_review(Plan& plan) {
  FilePlan& p = plan.population;
  p.column("post").weights({62, 22, 12, 4});
  p.column("step").by_skill(450, 250);
  p.column("budget_kept").weights({2, 8});
  p.column("period_attainment").range(6000, 13000, 4).by_skill(520, 170);
  p.column("collection_attainment").range(7000, 11000, 4).by_skill(600, 170);
  const size_t hired = p.place("hire_date");
  const int32_t last = scheme::last_day(plan.period);
  p.adjust = [=](const Person&, Random& random, Cell* row) {
    row[hired] = last - (random.chance(120) ? random.between(5, 200) : random.between(200, 3300));
  };
  plan.history.column("attainment").range(6000, 13000, 4).by_skill(520, 170).null(0);
  plan.recorded[0].whole = false;
}

void profile_medical_monthly(Plan& plan) {
  usual_wages(plan, "base_wage");
  plan.population.column("seniority_pay").range(0, 1000, 0, 50).tail();
  plan.population.column("grade").weights({22, 48, 22, 8}, true);
  plan.history.column("grade").weights({22, 48, 22, 8}, true);
}

void profile_medical_annual(Plan& plan) {
  usual_wages(plan, "base_wage");
  const size_t grade = plan.history.place("grade"), points = plan.history.place("points");
  plan.history.column("grade").weights({30, 42, 20, 8}, true);
  const Cell a = plan.symbol("A"), b = plan.symbol("B"), c = plan.symbol("C");
  plan.history.adjust = [=](const Person&, Random&, Cell* row) {
    row[points] = row[grade] == a ? 50 : row[grade] == b ? 0 : row[grade] == c ? -30 : -50;
  };
  plan.parameter("bonus_a", "12000");
  plan.parameter("bonus_b", "8000");
  plan.parameter("bonus_c", "4000");
}

void profile_medical_manager_annual(Plan& plan) {
  plan.population.column("base_wage").range(9000, 30000, 0, 100).by_skill(350, 170);
  plan.population.column("annual_grade").weights({20, 48, 25, 7}, true);
  plan.history.column("annual_grade").weights({20, 48, 25, 7}, true);
}

void profile_kitchen_monthly(Plan& plan) {
  plan.population.column("base_wage").range(2800, 8000, 0, 100).by_skill(350, 170);
  TablePlan& ratings = plan.table("ratings");
  ratings.rows_min = 3;
  ratings.rows_max = 6;
  // Half points: a tenth of the greatest item's 35 would be too fine for anybody who marks by hand.
  ratings.column("points").by_skill(830, 120).draw.step = power_of_ten(ratings.column("points").format.scale) / 2;
  plan.history.column("score").range(0, 100, 0).by_skill(830, 120).draw.step = 10;
}

}  // namespace kaogong::generate
