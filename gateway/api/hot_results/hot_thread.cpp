#include "gateway/api/hot_results/hot_thread.h"

#include <cstdlib>

#include "gateway/api/answer.h"
#include "gateway/api/problem.h"
#include "gateway/api/results/result_json.h"
#include "gateway/api/results/visibility.h"
#include "infra/redis/request.h"
#include "tenants/cache/seal.h"

namespace kaogong::api {

namespace {

constexpr std::string_view kIfNoneMatch = "if-none-match";
constexpr size_t kTagTextBytes = 18;  // of etag_of()

/// Whether the same would happen again on the usual way, later and at the cost of a thread.
bool helps_nobody(const postgres::Error& error) {
  return error.code() == postgres::ErrorCode::kStatementTimeout || error.code() == postgres::ErrorCode::kPoolTimeout;
}

}  // namespace

HotThread::HotThread(HotResults& all, boost::asio::io_context& io)
    : all_(all),
      loop_(redis::adopt(io)),
      pipeline_(io, all.opener_, all.options_.pipeline),
      publications_(pipeline_, all.clock_, all.options_.fresh),
      documents_(all.options_.bytes_max_a_thread) {
  if (!all.options_.redis.endpoint.empty()) redis_.emplace(*loop_, all.options_.redis, all.logger_);
  all_.pipelines_.add(pipeline_, redis_ ? &*redis_ : nullptr);
}

HotThread::~HotThread() {
  all_.pipelines_.remove(pipeline_);
  // One after the other: a chain that falls at once would need a stack as deep as it is long.
  for (auto& [key, asked] : waiting_)
    while (asked != nullptr) asked = std::move(asked->next);
}

http::FastThread::Verdict HotThread::usual_way() {
  all_.usual_way_.add();
  return Verdict::kNo;
}

const std::string& HotThread::key_of(const Publication& publication, bool sees_pay, const std::string& employee) {
  // Beside the run and the employee only what the caller may see makes a difference to the document.
  key_.assign(publication.names).append(sees_pay ? "+" : "-").append(employee);
  return key_;
}

http::FastThread::Verdict HotThread::begin(http::Request& request, const http::Route& route,
                                           const std::vector<std::string>& values, http::Response* response) {
  if (!request.query.empty() || values.size() != 3) return usual_way();
  auto admitted = all_.gate_.pass_at_once(request, route);
  if (!admitted) return usual_way();
  if (auto* const refusal = std::get_if<http::Response>(&*admitted)) {
    *response = std::move(*refusal);
    return Verdict::kAnswered;
  }
  auto& passed = std::get<Gate::Passed>(*admitted);
  const auto& caller = passed.known->caller;
  const auto& employee = values[2];
  if (!may_see_result(caller, employee)) return usual_way();
  auto publication = publications_.find(*passed.known->tenant, values[0], values[1]);
  if (publication == nullptr && !scheme::parse_period(values[1])) return usual_way();
  const auto* const if_none_match = request.fields.find(kIfNoneMatch);
  if (publication != nullptr) {
    if (publication->chain.empty()) return usual_way();
    const bool sees_pay = may_see(caller, scheme::TypeName::kMoney, employee);
    if (const auto* const document = documents_.find(key_of(*publication, sees_pay, employee))) {
      *response = tagged(if_none_match, document->tag, document->text, std::move(passed.fields));
      all_.from_memory_.add();
      return Verdict::kAnswered;
    }
  }
  asked_ = std::make_shared<Asked>();
  asked_->known = std::move(passed.known);
  asked_->fields = std::move(passed.fields);
  if (if_none_match != nullptr) asked_->if_none_match = *if_none_match;
  asked_->scheme_id = values[0];
  asked_->period = values[1];
  asked_->employee = employee;
  asked_->publication = std::move(publication);
  return Verdict::kAsk;
}

void HotThread::ask(Done done) {
  auto asked = std::move(asked_);
  asked_ = nullptr;
  asked->done = std::move(done);
  if (asked->publication != nullptr) return look(std::move(asked));
  const auto& tenant = *asked->known->tenant;
  publications_.ask(tenant, asked->scheme_id, asked->period,
                    [this, asked](const auto& publication, const std::optional<postgres::Error>& error) {
                      if (publication == nullptr || publication->chain.empty()) return fail(*asked, error);
                      asked->publication = publication;
                      look(asked);
                    });
}

void HotThread::look(Waiter asked) {
  const bool sees_pay = may_see(asked->known->caller, scheme::TypeName::kMoney, asked->employee);
  asked->key = key_of(*asked->publication, sees_pay, asked->employee);
  auto [first, is_first] = waiting_.try_emplace(asked->key, asked);
  if (!is_first) {
    asked->next = std::move(first->second->next);
    first->second->next = std::move(asked);
    return;
  }
  if (const auto* const document = documents_.find(asked->key)) {
    all_.from_memory_.add();
    const Document found = *document;
    return land(asked->key, found.text, found.tag);
  }
  if (redis_) return look_in_redis(asked);
  read_page(asked);
}

void HotThread::look_in_redis(const Waiter& asked) {
  const auto finish = [this, alive = std::weak_ptr<bool>(is_alive_), asked](const redis::Result<redis::Bytes>& found) {
    if (alive.expired()) return;
    const auto value =
        found && found.value() ? cache::unsealed(all_.sealing_key_, asked->key, *found.value()) : std::nullopt;
    if (!value || value->size() < kTagTextBytes) return read_page(asked);
    const auto tag = value->substr(0, kTagTextBytes), text = value->substr(kTagTextBytes);
    all_.from_redis_.add();
    documents_.put(asked->key, text, tag);
    land(asked->key, text, tag);
  };
  if (const auto refused = redis_->start(redis::get(asked->key), finish)) read_page(asked);
}

void HotThread::read_page(const Waiter& asked) {
  const auto& publication = *asked->publication;
  if (publication.chain.size() > runs::kChainLinksMax) return fail(asked->key, std::nullopt);
  std::vector<postgres::Query> queries;
  queries.reserve(publication.chain.size());
  for (const auto& link : publication.chain)
    queries.push_back({publication.page_sql, {number_of(link.run), asked->employee}});
  const auto refused = pipeline_.start(asked->known->tenant->role(), queries,
                                       [this, asked](const auto& reading) { take_page(asked, reading); });
  if (refused) fail(asked->key, refused);
}

void HotThread::take_page(const Waiter& asked, const postgres::Reading& reading) {
  if (reading.error) return fail(asked->key, reading.error);
  std::optional<runs::EffectiveResult> result;
  try {
    auto found = runs::effective_result_of(asked->publication->chain, reading.rows, asked->employee);
    if (found) result = *std::move(found);
  } catch (const postgres::Error&) {
    result.reset();
  }
  // Nothing, or something that is wrong: what there is to say of it is said on the usual way.
  if (!result) return fail(asked->key, std::nullopt);
  Document document;
  document.text =
      result_json(asked->known->caller, asked->scheme_id, asked->publication->period, asked->employee, *result);
  document.tag = etag_of(document.text);
  if (document.tag.size() != kTagTextBytes) std::abort();
  all_.from_postgres_.add();
  documents_.put(asked->key, document.text, document.tag);
  if (redis_) put_in_redis(asked->key, document);
  land(asked->key, document.text, document.tag);
}

void HotThread::put_in_redis(const std::string& key, const Document& document) {
  const std::string value = document.tag + document.text;
  if (value.size() > cache::kValueBytesMax) return;
  (void)redis_->start(redis::set(key, cache::sealed(all_.sealing_key_, key, value), cache::kResultsLast),
                      [](const redis::Result<redis::Done>&) {});
}

void HotThread::land(const std::string& key, std::string_view text, std::string_view tag) {
  auto waiting = waiting_.extract(key);
  if (waiting.empty()) return;
  for (auto asked = std::move(waiting.mapped()); asked != nullptr; asked = std::move(asked->next)) {
    const auto* const condition = asked->if_none_match ? &*asked->if_none_match : nullptr;
    asked->done(tagged(condition, tag, text, std::move(asked->fields)));
  }
}

void HotThread::fail(const std::string& key, const std::optional<postgres::Error>& why) {
  auto waiting = waiting_.extract(key);
  if (waiting.empty()) return;
  for (auto asked = std::move(waiting.mapped()); asked != nullptr; asked = std::move(asked->next)) fail(*asked, why);
}

void HotThread::fail(Asked& asked, const std::optional<postgres::Error>& why) {
  if (why && helps_nobody(*why)) {
    all_.refused_.add();
    auto answer = problem(ProblemCode::kUnavailable, "the database has too much to do, or does not answer");
    answer.fields.add(asked.fields);
    asked.done(std::move(answer));
    return;
  }
  all_.usual_way_.add();
  asked.done(std::nullopt);
}

}  // namespace kaogong::api
