#include "infra/postgres/pipeline.h"

#include "infra/postgres/limits.h"
#include "infra/postgres/pipeline_lane.h"

namespace kaogong::postgres {

namespace {

PipelineOptions checked(PipelineOptions options) {
  const bool good = options.connections >= 1 && options.connections <= kPipelineConnectionsMax &&
                    options.outstanding_max >= 1 && options.connect_timeout_ms >= 1 &&
                    options.statement_timeout_ms >= 1 && options.answer_timeout_ms > options.statement_timeout_ms &&
                    options.reconnect_delay_min_ms >= 1 &&
                    options.reconnect_delay_max_ms >= options.reconnect_delay_min_ms && options.age_max_ms >= 1 &&
                    options.texts_max >= 1;
  if (!good) throw Error(ErrorCode::kInvalidData, "an option of the pipeline is out of bounds");
  return options;
}

}  // namespace

Pipeline::Pipeline(boost::asio::io_context& io, Opener& opener, PipelineOptions options)
    : shared_(std::make_shared<Shared>(io, opener, checked(std::move(options)))) {
  const auto& how = shared_->options;
  for (int i = 0; i < how.connections; ++i) {
    // Not all at one time.
    const std::chrono::milliseconds age_max(how.age_max_ms - how.age_max_ms / 2 * i / how.connections);
    lanes_.push_back(std::make_shared<Lane>(shared_, age_max));
    lanes_.back()->open();
  }
}

Pipeline::~Pipeline() {
  {
    const std::lock_guard lock(shared_->door->mutex);
    shared_->door->io = nullptr;
  }
  for (const auto& lane : lanes_) lane->end();
}

std::optional<Error> Pipeline::start(const Role& role, std::span<const Query> queries, Handler handler) {
  if (queries.empty() || queries.size() > kPipelineQueriesMax)
    return Error(ErrorCode::kInvalidData, "a read has another number of statements");
  Lane* chosen = nullptr;
  for (const auto& lane : lanes_) {
    if (!lane->is_ready()) continue;
    if (lane->may_join(role)) {
      chosen = lane.get();
      break;
    }
    if (chosen == nullptr || lane->outstanding() < chosen->outstanding()) chosen = lane.get();
  }
  if (chosen == nullptr) {
    shared_->totals.disconnected.add(1);
    return Error(ErrorCode::kConnectionFailed, "there is no connection at the moment");
  }
  if (chosen->outstanding() >= shared_->options.outstanding_max) {
    shared_->totals.overloaded.add(1);
    return Error(ErrorCode::kPoolTimeout, "too many reads are outstanding");
  }
  return chosen->start(role, queries, std::move(handler));
}

PipelineStatus Pipeline::status() const {
  const auto& totals = shared_->totals;
  PipelineStatus status;
  status.reads_total = totals.reads.get();
  status.transactions_total = totals.transactions.get();
  status.failed_total = totals.failed.get();
  status.disconnected_total = totals.disconnected.get();
  status.overloaded_total = totals.overloaded.get();
  status.opened_total = totals.opened.get();
  status.closed_total = totals.closed.get();
  status.recycled_total = totals.recycled.get();
  for (const auto& lane : lanes_) {
    status.connected += lane->is_connected() ? 1 : 0;
    status.outstanding += lane->outstanding();
  }
  return status;
}

}  // namespace kaogong::postgres
