#include "infra/redis/reply_reader.h"

#include <hiredis/read.h>

#include <new>

#include "infra/redis/limits.h"

namespace kaogong::redis {
namespace {

// hiredis asks for an object a value, and takes a null pointer for a lack of memory, which ends the reading. Its own
// objects would take an array's announced length on trust.
ReplyReader::Budget& budget_of(const redisReadTask* task) { return *static_cast<ReplyReader::Budget*>(task->privdata); }

bool spend(ReplyReader::Budget& budget, size_t values, size_t bytes) {
  if (values > kReplyValuesMax - budget.values || bytes > budget.bytes_max - budget.bytes) return false;
  budget.values += values;
  budget.bytes += bytes;
  return true;
}

// Where the value of a task goes: its element of the array around it, or a reply of its own. Arrays have all their
// elements from the beginning, so that they do not move.
Reply* place_of(const redisReadTask* task) {
  if (task->parent == nullptr) return new (std::nothrow) Reply;
  auto* array = static_cast<Reply*>(task->parent->obj);
  return &array->elements[static_cast<size_t>(task->idx)];
}

void* create_string(const redisReadTask* task, char* text, size_t size) {
  if (!spend(budget_of(task), task->parent == nullptr ? 1 : 0, size)) return nullptr;
  Reply* reply = place_of(task);
  if (reply == nullptr) return nullptr;
  try {
    reply->text.assign(text, size);
  } catch (const std::bad_alloc&) {
    if (task->parent == nullptr) delete reply;
    return nullptr;
  }
  reply->kind = task->type == REDIS_REPLY_ERROR    ? Reply::Kind::kError
                : task->type == REDIS_REPLY_STATUS ? Reply::Kind::kStatus
                                                   : Reply::Kind::kString;
  return reply;
}

void* create_array(const redisReadTask* task, int count) {
  if (count < 0 || !spend(budget_of(task), static_cast<size_t>(count) + 1, 0)) return nullptr;
  Reply* reply = place_of(task);
  if (reply == nullptr) return nullptr;
  try {
    reply->elements.resize(static_cast<size_t>(count));
  } catch (const std::bad_alloc&) {
    if (task->parent == nullptr) delete reply;
    return nullptr;
  }
  reply->kind = Reply::Kind::kArray;
  return reply;
}

void* create_integer(const redisReadTask* task, long long value) {
  Reply* reply = place_of(task);
  if (reply == nullptr) return nullptr;
  reply->kind = Reply::Kind::kInteger;
  reply->integer = value;
  return reply;
}

void* create_nil(const redisReadTask* task) { return place_of(task); }

// Called with the outermost value only.
void free_object(void* object) { delete static_cast<Reply*>(object); }

redisReplyObjectFunctions functions = {create_string, create_array, create_integer, create_nil, free_object};

}  // namespace

void ReplyReader::Free::operator()(redisReader* reader) const { redisReaderFree(reader); }

ReplyReader::ReplyReader(size_t reply_bytes_max)
    : budget_{reply_bytes_max, 0, 0}, reader_(redisReaderCreateWithFunctions(&functions)) {
  if (reader_ == nullptr) throw std::bad_alloc();
  reader_->privdata = &budget_;
  // Otherwise it would give its buffer back, and take another, whenever much came at once and was read.
  reader_->maxbuf = 4 * kReadBytes;
}

ReplyReader::~ReplyReader() = default;

void ReplyReader::feed(std::string_view bytes) {
  if (!failed_ && redisReaderFeed(reader_.get(), bytes.data(), bytes.size()) != REDIS_OK) failed_ = true;
}

std::optional<Reply> ReplyReader::next() {
  if (failed_) return std::nullopt;
  void* object = nullptr;
  if (redisReaderGetReply(reader_.get(), &object) != REDIS_OK) {
    failed_ = true;
    return std::nullopt;
  }
  if (object == nullptr) {
    // What is left over is the beginning of one value.
    if (reader_->len - reader_->pos > budget_.bytes_max) failed_ = true;
    return std::nullopt;
  }
  budget_.bytes = 0;
  budget_.values = 0;
  Reply reply = std::move(*static_cast<Reply*>(object));
  delete static_cast<Reply*>(object);
  return reply;
}

}  // namespace kaogong::redis
