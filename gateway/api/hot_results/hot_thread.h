// What one io thread has of the fast path of published results. Not for others to include.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "gateway/api/hot_results/documents.h"
#include "gateway/api/hot_results/hot_results.h"
#include "gateway/api/hot_results/publications.h"
#include "infra/redis/asio.h"

namespace kaogong::api {

/// Memory, then Redis, then PostgreSQL. Those who ask for the same document at the same time wait for one reading of
/// it.
class HotThread final : public http::FastThread {
 public:
  HotThread(HotResults& all, boost::asio::io_context& io);
  ~HotThread() override;

  Verdict begin(http::Request& request, const http::Route& route, const std::vector<std::string>& values,
                http::Response* response) override;
  void ask(Done done) override;

 private:
  /// One that waits.
  struct Asked {
    std::shared_ptr<const KnownCallers::Known> known;
    http::AnswerFields fields;
    std::optional<std::string> if_none_match;
    std::string scheme_id, period, employee;
    std::shared_ptr<const Publication> publication;
    std::string key;  // of the document: its name in Redis
    Done done;
    std::shared_ptr<Asked> next;  // waits for the same document
  };
  using Waiter = std::shared_ptr<Asked>;

  const std::string& key_of(const Publication& publication, bool sees_pay, const std::string& employee);
  Verdict usual_way();
  /// Looks for the document of a publication.
  void look(Waiter asked);
  void look_in_redis(const Waiter& asked);
  void read_page(const Waiter& asked);
  void take_page(const Waiter& asked, const postgres::Reading& reading);
  void put_in_redis(const std::string& key, const Document& document);
  /// Tells all who wait for a document.
  void land(const std::string& key, std::string_view text, std::string_view tag);
  /// Tells all that it cannot be had here: they take the usual way, or are refused if that would help nobody.
  void fail(const std::string& key, const std::optional<postgres::Error>& why);
  void fail(Asked& asked, const std::optional<postgres::Error>& why);

  HotResults& all_;
  std::unique_ptr<redis::Loop> loop_;
  std::optional<redis::Client> redis_;
  postgres::Pipeline pipeline_;
  Publications publications_;
  Documents documents_;
  std::unordered_map<std::string_view, Waiter> waiting_;  // by the document's key, which is the first one's
  Waiter asked_;
  std::string key_;
  const std::shared_ptr<bool> is_alive_ = std::make_shared<bool>(true);  // for Redis' handlers
};

}  // namespace kaogong::api
