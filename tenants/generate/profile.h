// What the documents of the templates do not say: usual wages, how often something happens, figures that must agree.
#pragma once

#include <string_view>

#include "tenants/generate/plan.h"

namespace kaogong::generate {

/// Before the rows of lookups and the tables' conditions are made: formats and choices of columns.
using Profile = void (*)(Plan& plan);

/// The profile of a template; null pointer: there is none.
Profile find_profile(std::string_view template_id);

/// A value between two bounds that is higher for an able person; mean and deviation in permille of the range.
Cell by_ability(const Person& person, Random& random, Cell low, Cell high, Cell step, int32_t mean = 700,
                int32_t deviation = 130);

// Part 8 of the source, foreign trade.
void profile_trade_monthly(Plan& plan);
void profile_trade_leader_quarterly(Plan& plan);
void profile_trade_quarterly_awards(Plan& plan);
void profile_trade_annual(Plan& plan);
void profile_trade_annual_appraisal(Plan& plan);
void profile_trade_kpi(Plan& plan);
// Service, sales, medical devices, kitchen.
void profile_customer_service_monthly(Plan& plan);
void profile_logistics_half_year(Plan& plan);
void profile_sales_monthly(Plan& plan);
void profile_sales_step_review(Plan& plan);
void profile_medical_monthly(Plan& plan);
void profile_medical_annual(Plan& plan);
void profile_medical_manager_annual(Plan& plan);
void profile_kitchen_monthly(Plan& plan);
// Definition sets, distribution, design and R&D.
void profile_kpi_weighted(Plan& plan);
void profile_distribution_appraisal(Plan& plan);
void profile_design_annual(Plan& plan);
void profile_rnd_annual(Plan& plan);
void profile_design_company_annual(Plan& plan);

}  // namespace kaogong::generate
