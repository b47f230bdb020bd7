// One request that a handler works on while its connection waits.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "gateway/http/body_streams.h"
#include "gateway/http/dispatcher.h"
#include "gateway/http/message.h"
#include "gateway/http/route.h"

namespace kaogong::http {

/// Shared by the connection and the thread that runs the handler; the fields of each are handed over by notify().
struct Exchange {
  Request request;
  const Route* route = nullptr;
  std::vector<std::string> values;
  std::stop_source stop;
  Coding accepted = Coding::kIdentity;  // by the client, for the answer
  int64_t compress_bytes_min = 0;
  bool head_only = false;
  bool is_length_known = true;      // false: HEAD of what GET streams
  std::shared_ptr<void> body_room;  // what was reserved for the body
  /// Hands the connection the news on its io thread: there is an answer, or more of its body, or its end. From any
  /// thread.
  std::function<void()> notify;

  std::optional<Upload> upload;  // of a streamed body
  std::optional<UnpackedSource> unpacked;

  // Written by the handler's thread, read by the connection when `answered` says so.
  Response response;
  Coding coding = Coding::kIdentity;  // of the answer's body
  std::optional<Download> download;   // of a streamed answer
  std::atomic<bool> answered{false};

  /// Runs the handler and its stream. On a thread of the route's lane.
  void run(Dispatcher& dispatcher, const std::function<void(const char*)>& on_exception);
};

}  // namespace kaogong::http
