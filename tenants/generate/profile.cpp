#include "tenants/generate/profile.h"

#include <algorithm>
#include <array>

namespace kaogong::generate {

namespace {

struct Entry {
  std::string_view id;
  Profile profile;
};

constexpr std::array kProfiles = {
    Entry{"customer-service-monthly", profile_customer_service_monthly},
    Entry{"design-annual", profile_design_annual},
    Entry{"design-company-annual", profile_design_company_annual},
    Entry{"distribution-appraisal", profile_distribution_appraisal},
    Entry{"kitchen-monthly", profile_kitchen_monthly},
    Entry{"kpi-weighted", profile_kpi_weighted},
    Entry{"logistics-half-year", profile_logistics_half_year},
    Entry{"medical-annual", profile_medical_annual},
    Entry{"medical-manager-annual", profile_medical_manager_annual},
    Entry{"medical-monthly", profile_medical_monthly},
    Entry{"rnd-annual", profile_rnd_annual},
    Entry{"sales-monthly", profile_sales_monthly},
    Entry{"sales-step-review", profile_sales_step_review},
    Entry{"trade-annual", profile_trade_annual},
    Entry{"trade-annual-appraisal", profile_trade_annual_appraisal},
    Entry{"trade-kpi", profile_trade_kpi},
    Entry{"trade-leader-quarterly", profile_trade_leader_quarterly},
    Entry{"trade-monthly", profile_trade_monthly},
    Entry{"trade-quarterly-awards", profile_trade_quarterly_awards},
};

}  // namespace

Profile find_profile(std::string_view template_id) {
  const auto* entry = std::find_if(kProfiles.begin(), kProfiles.end(),
                                   [&](const Entry& candidate) { return candidate.id == template_id; });
  return entry == kProfiles.end() ? nullptr : entry->profile;
}

Cell by_ability(const Person& person, Random& random, Cell low, Cell high, Cell step, int32_t mean, int32_t deviation) {
  Draw draw;
  draw.shape = Draw::Shape::kSkill;
  draw.low = low;
  draw.high = high;
  draw.step = step;
  draw.mean = mean;
  draw.deviation = deviation;
  return draw.next(person, random);
}

}  // namespace kaogong::generate
