#include "infra/log/logger.h"

#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <mutex>

namespace kaogong::log {
namespace {

constexpr std::array<std::string_view, 5> kLevels = {"debug", "info", "warn", "error", "off"};
constexpr Event kSuppressed{"log_lines_suppressed"};

void append_field(std::string* line, std::string_view name) {
  *line += ",\"";
  *line += name;
  *line += "\":";
}

std::string begin_line(clock::Instant now, Level level, std::string_view event) {
  std::string line = "{\"time\":\"" + clock::to_rfc3339(now) + "\",\"level\":\"";
  line += to_text(level);
  line += "\",\"event\":\"";
  line += event;
  line += '"';
  return line;
}

}  // namespace

std::string_view to_text(Level level) { return kLevels[static_cast<size_t>(level)]; }

std::optional<Level> level_of(std::string_view text) {
  const auto found = std::find(kLevels.begin(), kLevels.end(), text);
  if (found == kLevels.end()) return std::nullopt;
  return static_cast<Level>(found - kLevels.begin());
}

struct Logger::Core {
  Core(std::shared_ptr<spdlog::sinks::sink> sink, const Options& options, const clock::Clock& source)
      : clock(source), level(options.level), writer("", std::move(sink)), rate(options.rate) {
    writer.set_pattern("%v");
    writer.set_level(spdlog::level::trace);
    writer.flush_on(spdlog::level::trace);
    writer.set_error_handler([this](const std::string&) { lost.fetch_add(1, std::memory_order_relaxed); });
  }

  void write(const std::string& line) { writer.log(spdlog::level::info, spdlog::string_view_t(line)); }

  const clock::Clock& clock;
  std::atomic<Level> level;
  std::atomic<uint64_t> lost{0};
  spdlog::logger writer;
  std::mutex mutex;
  RateLimit rate;  // under the mutex
};

std::optional<Logger> Logger::open(const Options& options, const clock::Clock& clock, std::string* error) {
  try {
    std::shared_ptr<spdlog::sinks::sink> sink;
    if (options.file_path.empty()) {
      sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
    } else {
      sink = std::make_shared<spdlog::sinks::rotating_file_sink_mt>(options.file_path, options.file_bytes_max,
                                                                    options.files_kept);
    }
    return Logger(std::make_shared<Core>(std::move(sink), options, clock));
  } catch (const spdlog::spdlog_ex& e) {
    *error = e.what();
    return std::nullopt;
  }
}

Logger Logger::with(std::initializer_list<Field> context) const {
  Logger logger = *this;
  for (const Field& field : context) {
    std::string value;
    field.append_value(&value);
    const auto same = std::find_if(logger.context_.begin(), logger.context_.end(),
                                   [&](const Known& known) { return known.name == field.name(); });
    if (same != logger.context_.end()) {
      same->value = std::move(value);
    } else {
      logger.context_.push_back({field.name(), std::move(value)});
    }
  }
  return logger;
}

void Logger::write(Level level, const Event& event, std::initializer_list<Field> fields) const {
  if (!enabled(level)) return;
  RateLimit::Verdict verdict;
  {
    const std::lock_guard lock(core_->mutex);
    verdict = core_->rate.take(event.name(), core_->clock.tick());
  }
  if (!verdict.write) return;
  std::string line = begin_line(core_->clock.now(), level, event.name());
  for (const Known& known : context_) {
    const bool replaced =
        std::any_of(fields.begin(), fields.end(), [&](const Field& field) { return field.name() == known.name; });
    if (replaced) continue;
    append_field(&line, known.name);
    line += known.value;
  }
  for (const Field& field : fields) {
    append_field(&line, field.name());
    field.append_value(&line);
  }
  if (verdict.suppressed > 0) {
    append_field(&line, "suppressed");
    line += std::to_string(verdict.suppressed);
  }
  line += '}';
  core_->write(line);
}

bool Logger::enabled(Level level) const { return level >= core_->level.load(std::memory_order_relaxed); }

void Logger::set_level(Level level) const { core_->level.store(level, std::memory_order_relaxed); }

void Logger::flush() const {
  std::vector<RateLimit::Left> left;
  {
    const std::lock_guard lock(core_->mutex);
    left = core_->rate.take_untold();
  }
  for (const auto& [event, suppressed] : left) {
    std::string line = begin_line(core_->clock.now(), Level::kInfo, kSuppressed.name());
    line += ",\"of\":\"";
    line += event;
    line += "\",\"suppressed\":" + std::to_string(suppressed) + "}";
    core_->write(line);
  }
}

uint64_t Logger::lines_lost() const { return core_->lost.load(std::memory_order_relaxed); }

}  // namespace kaogong::log
