// Definition sets, distribution company, design and R&D.
#include <array>

#include "tenants/generate/default_column.h"
#include "tenants/generate/profile.h"
#include "tenants/templates/templates.h"

namespace kaogong::generate {

namespace {

// -- kpi-weighted -----------------------------------------------------------------------------------------------------

std::string_view take_until(std::string_view* text, char end) {
  const size_t at = text->find(end);
  std::string_view part = text->substr(0, at);
  *text = at == std::string_view::npos ? std::string_view{} : text->substr(at + 1);
  if (!part.empty() && part.back() == '\r') part.remove_suffix(1);
  return part;
}

// The shipped sets are plain: their columns are those of the lookup, in its order, and nothing is in quotes.
void take_definition_sets(Plan* plan, LookupPlan* file) {
  LookupRows& rows = plan->lookup_rows[file->rows];
  for (const templates::DefinitionSet& set : templates::definition_sets()) {
    std::string_view text = set.csv;
    take_until(&text, '\n');
    while (!text.empty()) {
      std::string_view line = take_until(&text, '\n');
      if (line.empty()) continue;
      std::vector<Cell>& row = rows.rows.emplace_back();
      for (const ColumnPlan& column : file->columns) {
        row.push_back(literal_cell(take_until(&line, ','), column.format, &plan->symbols));
      }
    }
  }
}

// -- Design and R&D ---------------------------------------------------------------------------------------------------

void levels_and_additions(Plan& plan) {
  for (const char* table : {"attitude", "ability"}) {
    plan.table(table).column("level").by_skill(330, 230).reversed();
    plan.table(table).rows_max = 2;
  }
  TablePlan& special = plan.table("special");
  const size_t points = special.place("points"), proof = special.place("proof");
  const int64_t half = power_of_ten(special.columns[points].format.scale) / 2;
  special.make_rows = [=](const Person&, Random& random, Rows* rows) {
    if (!random.chance(150)) return;
    Cell* row = rows->add();
    row[points] = random.between(2, 10) * half;
    row[proof] = random.chance(850) ? 1 : 0;
  };
}

void pay_grades(Plan& plan) {
  FilePlan& p = plan.population;
  p.column("staff_kind").weights({45, 55});
  const size_t grade = p.place("pay_grade"), low = p.place("min_grade"), high = p.place("max_grade");
  p.adjust = [=](const Person& person, Random& random, Cell* row) {
    row[low] = random.between(1, 8);
    row[high] = row[low] + 5;
    row[grade] = by_ability(person, random, row[low], row[high], 1, 450, 220);
  };
}

}  // namespace

void profile_kpi_weighted(Plan& plan) {
  LookupPlan& definitions = plan.lookups[0];
  for (const char* name : {"set", "kpi"}) definitions.column(name).format.kind = Format::Kind::kSymbol;
  take_definition_sets(&plan, &definitions);
  FilePlan& p = plan.population;
  ColumnPlan& set = p.column("set");
  set.format.kind = Format::Kind::kSymbol;
  for (const templates::DefinitionSet& shipped : templates::definition_sets()) {
    set.draw.choices.push_back(plan.symbol(shipped.id));
  }
  set.draw.shape = Draw::Shape::kChoice;
  const size_t set_place = p.place("set"), subject = p.place("subject");
  const Cell production = plan.symbol("production-management"), process = plan.symbol("process-management"),
             department = plan.symbol("department"), employee = plan.symbol("employee");
  p.adjust = [=](const Person&, Random&, Cell* row) {
    row[subject] = row[set_place] == production || row[set_place] == process ? department : employee;
  };
  TablePlan& actuals = plan.table("kpi_actuals");
  const LookupRows* rows = &plan.lookup_rows[definitions.rows];
  const size_t kpi = actuals.place("kpi"), actual = actuals.place("actual"), weight = definitions.place("weight"),
               target = definitions.place("target"), direction = definitions.place("direction"),
               method = definitions.place("method");
  const Cell lower = plan.symbol("lower"), scale = plan.symbol("scale"), threshold = plan.symbol("threshold");
  const int64_t weight_unit = power_of_ten(actuals.columns[actual].format.scale - 2);  // a score has 2 decimals
  const int64_t half = power_of_ten(actuals.columns[actual].format.scale) / 2, tenth = half / 5;
  actuals.adjust = [=](const Person& person, Random& random, Cell* row) {
    const std::array<Cell, 2> key = {person.cells[set_place], row[kpi]};
    const std::vector<Cell>* found = rows->find(key.data());
    if (found == nullptr) return;
    const Cell aim = (*found)[target];
    if ((*found)[method] == scale) {
      row[actual] = by_ability(person, random, 0, (*found)[weight] * weight_unit, half, 800, 130);
    } else if ((*found)[method] == threshold) {
      const Cell miss = random.chance(850) ? 0 : random.between(1, 3) * half * 2;
      row[actual] = (*found)[direction] == lower ? aim + miss : aim < miss ? 0 : aim - miss;
    } else {
      const Cell share = by_ability(person, random, 600, 1150, 1, 540, 200);
      const Cell value = (*found)[direction] == lower ? aim / 1000 * (1900 - share) : aim / 1000 * share;
      row[actual] = value / tenth * tenth;
    }
  };
}

void profile_distribution_appraisal(Plan& plan) {
  plan.population.column("rank_kind").weights({6, 8, 86});
  const size_t rank_kind = plan.population.place("rank_kind");
  TablePlan& ratings = plan.table("ratings");
  for (const char* column : {"performance", "ability", "conduct"}) ratings.column(column).by_skill(800, 100);
  const TablePlan* table = &ratings;
  const size_t rater = ratings.place("rater"), relation = ratings.place("relation"), stage = ratings.place("stage");
  const Cell staff = plan.symbol("staff"), initial = plan.symbol("initial"), review = plan.symbol("review");
  const std::array<Cell, 3> relations = {plan.symbol("superior"), plan.symbol("subordinate"), plan.symbol("peer")};
  ratings.make_rows = [=](const Person& person, Random& random, Rows* rows) {
    const auto add = [&](Cell who, Cell of, Cell when) {
      Cell* row = rows->add();
      for (size_t c = 0; c < table->columns.size(); ++c) row[c] = table->columns[c].draw.next(person, random);
      row[rater] = who;
      row[relation] = of;
      row[stage] = when;
    };
    Cell who = 0;
    for (const Cell of : relations) {
      if (person.cells[rank_kind] == staff && of != relations.back()) continue;
      const auto count = static_cast<uint32_t>(random.between(2, 4));
      for (uint32_t i = 0; i < count; ++i) add(++who, of, initial);
      if (random.chance(300)) add(++who, of, review);
    }
  };
}

void profile_design_annual(Plan& plan) {
  plan.table("kpi_points").column("points").by_skill(810, 130);
  plan.table("kpi_points").rows_max = 3;
  levels_and_additions(plan);
}

void profile_rnd_annual(Plan& plan) {
  plan.table("kpi_points").column("points").by_skill(810, 130);
  plan.table("kpi_points").rows_max = 2;
  levels_and_additions(plan);
  pay_grades(plan);
}

void profile_design_company_annual(Plan& plan) {
  levels_and_additions(plan);
  pay_grades(plan);
  TablePlan& actuals = plan.table("kpi_actuals");
  actuals.rows_max = 2;
  const LookupRows* kpis = &plan.lookup("kpis");
  size_t target = 0, method = 0;
  for (size_t c = 0; c < kpis->columns.size(); ++c) {
    if (kpis->columns[c] == "target") target = c;
    if (kpis->columns[c] == "method") method = c;
  }
  const size_t kpi = actuals.place("kpi"), actual = actuals.place("actual");
  const Cell fewer = plan.symbol("fewer");
  const int64_t one = power_of_ten(actuals.columns[actual].format.scale), tenth = one / 10;
  const int64_t target_unit = power_of_ten(actuals.columns[actual].format.scale - kpis->formats[target].scale);
  actuals.adjust = [=](const Person& person, Random& random, Cell* row) {
    const std::vector<Cell>* found = kpis->find(&row[kpi]);
    if (found == nullptr) return;
    const Cell aim = (*found)[target] * target_unit;
    if ((*found)[method] == fewer) {
      row[actual] = random.between(0, random.chance(800) ? 2 : 6) * one;
    } else {
      row[actual] = aim / 1000 * by_ability(person, random, 500, 1200, 1, 500, 190) / tenth * tenth;
    }
  };
}

}  // namespace kaogong::generate
