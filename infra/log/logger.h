// Logs: one JSON object a line: time, level, event, context, fields.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "infra/clock/clock.h"
#include "infra/log/field.h"
#include "infra/log/rate_limit.h"

namespace kaogong::log {

enum class Level : uint8_t { kDebug, kInfo, kWarn, kError, kOff };

/// `debug`, `info`, `warn`, `error`, `off`.
std::string_view to_text(Level level);
std::optional<Level> level_of(std::string_view text);

/// What happened, in snake_case, past tense where something ended: `redis_disconnected`. A constant: everything that
/// varies is a field.
class Event {
 public:
  explicit consteval Event(const char* name) : name_(name) {
    if (!is_snake_case(name_)) throw "the event is not in snake_case";
  }
  constexpr std::string_view name() const { return name_; }

 private:
  std::string_view name_;
};

struct Options {
  Level level = Level::kInfo;
  std::string file_path;                     // empty: standard error
  size_t file_bytes_max = size_t{64} << 20;  // then the file gets the ending .1, and so on
  size_t files_kept = 5;
  RateLimits rate;
};

/// Writes lines. Copies are cheap and write to the same place; each has its own context. Any thread. A line is handed
/// to the operating system before the call returns, so that a killed process loses none.
class Logger {
 public:
  /// Opens the file; nothing, and why in `error`, if that fails. The clock must outlive all copies.
  static std::optional<Logger> open(const Options& options, const clock::Clock& clock, std::string* error);

  /// The same logger with more context: these fields are in each of its lines, until a field of the same key replaces
  /// them. Passed on by value: a coroutine takes its context with it.
  Logger with(std::initializer_list<Field> context) const;

  void debug(const Event& event, std::initializer_list<Field> fields = {}) const {
    write(Level::kDebug, event, fields);
  }
  void info(const Event& event, std::initializer_list<Field> fields = {}) const { write(Level::kInfo, event, fields); }
  void warn(const Event& event, std::initializer_list<Field> fields = {}) const { write(Level::kWarn, event, fields); }
  void error(const Event& event, std::initializer_list<Field> fields = {}) const {
    write(Level::kError, event, fields);
  }

  /// Whether lines of this level are written: ask where a field is dear to make.
  bool enabled(Level level) const;
  /// Changes the level of all copies.
  void set_level(Level level) const;
  /// Writes how many lines of each event were left out since it was last told. Call it at the end of the process.
  void flush() const;
  /// Lines that could not be written (a full disk) since the beginning.
  uint64_t lines_lost() const;

 private:
  struct Core;
  struct Known {
    std::string_view name;
    std::string value;
  };
  explicit Logger(std::shared_ptr<Core> core) : core_(std::move(core)) {}
  void write(Level level, const Event& event, std::initializer_list<Field> fields) const;

  std::shared_ptr<Core> core_;
  std::vector<Known> context_;
};

}  // namespace kaogong::log
