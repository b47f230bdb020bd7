// The periods that a tenant works on, and whether something may still be entered for them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/scheme/period.h"
#include "tenants/calendar/work_calendar.h"
#include "tenants/registry/tenant_database.h"

namespace kaogong::tenants {

enum class PeriodState : uint8_t {
  kOpen,    // entered freely
  kFrozen,  // a run computes from it: corrections need a reason
  kClosed,  // nothing is entered any more
};
std::string_view to_text(PeriodState state);
std::optional<PeriodState> parse_period_state(std::string_view text);

struct TenantPeriod {
  scheme::Period period;
  PeriodState state = PeriodState::kOpen;
  std::optional<Window> window;  // in which is entered; a notice, not a lock
  std::string changed_by;
  clock::Instant changed_at;
};

/// Opens a period that there is none of yet. With a rule its window is worked out and moved past the tenant's holidays.
/// Failures: kExists, kInvalid (a rule that is none, a calendar without working days).
Result<TenantPeriod> open_period(TenantTransaction& transaction, scheme::Period period,
                                 const std::optional<WindowRule>& rule);
/// Failures: kNotFound.
Result<TenantPeriod> find_period(TenantTransaction& transaction, scheme::Period period);
/// The same, and holds its state until COMMIT: who enters something calls this, so that a period is frozen either
/// before or after. Failures: kNotFound, kConflict (closed; frozen, and `reason` is empty).
Result<TenantPeriod> hold_for_entry(TenantTransaction& transaction, scheme::Period period, std::string_view reason);
/// Waits for those who are entering. Going back (frozen to open, closed to frozen or open) needs a reason; to where it
/// is already: nothing changes. Failures: kNotFound, kInvalid (no reason).
Result<TenantPeriod> change_state(TenantTransaction& transaction, scheme::Period period, PeriodState state,
                                  std::string_view reason);
/// By their first day, then the longer first.
std::vector<TenantPeriod> list_periods(TenantTransaction& transaction);

}  // namespace kaogong::tenants
