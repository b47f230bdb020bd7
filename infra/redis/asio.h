// Redis on the caller's own io_context, for coroutines. The one header of this room that shows Boost.Asio: include it
// where an io_context is at home, in gateway.
#pragma once

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>
#include <utility>

#include "infra/redis/client.h"
#include "infra/redis/loop.h"

namespace kaogong::redis {

/// A loop over an io_context that exactly one thread runs, and which outlives the loop. When clients are destroyed on
/// another thread, what they have open is closed when the io_context runs next.
std::unique_ptr<Loop> adopt(boost::asio::io_context& io);

#ifdef BOOST_ASIO_HAS_CO_AWAIT
/// Awaits the answer; goes on on the coroutine's own executor. The client must live until then.
template <class T>
boost::asio::awaitable<Result<T>> call(Client& client, Request<T> request) {
  // Named before it is awaited: GCC 12 destroys a capturing lambda inside a co_await expression twice.
  auto start = [&client, &request](auto handler) {
    auto shared = std::make_shared<decltype(handler)>(std::move(handler));
    auto finish = [shared](Result<T> result) {
      auto complete = [shared, result = std::move(result)]() mutable { (*shared)(std::move(result)); };
      boost::asio::post(boost::asio::get_associated_executor(*shared), std::move(complete));
    };
    if (auto refused = client.start(std::move(request), finish)) finish(std::move(*refused));
  };
  const auto token = boost::asio::use_awaitable;
  co_return co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void(Result<T>)>(
      std::move(start), token);
}
#endif

}  // namespace kaogong::redis
