// Everything that handlers work with. Put together once, when the server starts; each is safe for many threads.
#pragma once

#include "gateway/api/gate/known_callers.h"
#include "gateway/api/paging.h"
#include "gateway/settings/settings.h"
#include "infra/clock/clock.h"
#include "infra/log/logger.h"
#include "infra/redis/loop.h"
#include "tenants/access/keys.h"
#include "tenants/access/token_issuers.h"
#include "tenants/cache/hints.h"
#include "tenants/cache/sealed_cache.h"
#include "tenants/freeze/resident.h"
#include "tenants/registry/registry.h"
#include "tenants/registry/tenant_database.h"
#include "tenants/runs/build.h"
#include "tenants/runs/effective.h"
#include "tenants/runs/programs.h"
#include "tenants/runs/steps.h"

namespace kaogong::api {

struct Services {
  const gateway::Settings& settings;
  const clock::Clock& clock;
  const log::Logger& logger;

  tenants::TenantDatabase& database;  // as the application: every tenant's transaction
  tenants::Registry& registry;        // as the owner: making, suspending and erasing tenants
  tenants::ApiKeys& keys;
  tenants::TokenIssuers& token_issuers;

  runs::Programs& programs;
  runs::EffectiveResults& results;
  freeze::ResidentSnapshots& snapshots;
  runs::Builder& builder;
  runs::RunSteps& steps;

  const cache::SealedCache& cache;
  const cache::Hints& hints;
  redis::Loop* redis_loop = nullptr;  // for cache::Listener; null: the program goes without Redis

  const PageTokens& page_tokens;
  KnownCallers& known_callers;  // to be doubted after a key was revoked or a tenant suspended
};

}  // namespace kaogong::api
