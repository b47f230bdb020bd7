#include "gateway/http/exchange.h"

#include <exception>

#include "gateway/http/answer.h"

namespace kaogong::http {

namespace {

void pack(Exchange& exchange) {
  std::string packed;
  Encoder encoder(exchange.accepted);
  encoder.put(exchange.response.body, &packed);
  encoder.finish(&packed);
  if (packed.size() >= exchange.response.body.size()) return;
  exchange.response.body = std::move(packed);
  exchange.coding = exchange.accepted;
}

}  // namespace

void Exchange::run(Dispatcher& dispatcher, const std::function<void(const char*)>& on_exception) {
  const auto fail = [&](const char* why) {
    on_exception(why);
    response = refusal(500, "The server made a mistake. It is in its log, under this request's id.");
  };
  try {
    response = dispatcher.handle(request, *route, values);
    if (!is_sendable(response)) fail("a field of the answer cannot be sent");
    const bool packs = accepted != Coding::kIdentity && is_compressible(response.content_type);
    if (response.stream && !head_only && may_have_body(response.status)) {
      coding = packs ? accepted : Coding::kIdentity;
      download.emplace(coding, notify);
    } else if (packs && response.body.size() >= static_cast<size_t>(compress_bytes_min)) {
      pack(*this);
    }
  } catch (const std::exception& error) {
    fail(error.what());
  } catch (...) {
    fail("something that is no exception was thrown");
  }
  const auto stream = std::move(response.stream);
  is_length_known = !stream || !may_have_body(response.status);
  // From here on the connection has the answer; only `download` is shared.
  answered.store(true, std::memory_order_release);
  notify();
  if (!download) return;
  bool whole = false;
  try {
    stream(*download);
    whole = true;
  } catch (const std::exception& error) {
    on_exception(error.what());
  } catch (...) {
    on_exception("something that is no exception was thrown");
  }
  download->finish(whole);
}

}  // namespace kaogong::http
