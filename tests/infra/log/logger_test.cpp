// Lines as they stand in the file, what does not compile, and what is left out.
#include "infra/log/logger.h"

#include <gtest/gtest.h>
#include <unistd.h>
#include <yaml-cpp/yaml.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <type_traits>
#include <vector>

#include "infra/log/keys.h"

namespace kaogong::log {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr Event kTested{"thing_tested"};
constexpr Event kOther{"other_tested"};
constexpr Key kTenantId{"tenant_id"};
constexpr Key kRunId{"run_id"};
constexpr Key kState{"state"};

// Free text and floating point are no values.
static_assert(!std::is_constructible_v<Field, Key, std::string>);
static_assert(!std::is_constructible_v<Field, Key, std::string_view>);
static_assert(!std::is_constructible_v<Field, Key, const char*>);
static_assert(!std::is_constructible_v<Field, Key, char*>);
static_assert(!std::is_constructible_v<Field, Key, double>);
static_assert(!std::is_constructible_v<Field, Key, char>);
static_assert(!std::is_constructible_v<Field, DurationKey, int>);
static_assert(!std::is_constructible_v<Field, Key, std::chrono::milliseconds>);
static_assert(!std::is_convertible_v<std::string, MachineText>);
static_assert(!std::is_convertible_v<std::string, Redacted>);
static_assert(std::is_constructible_v<Field, Key, bool> && std::is_constructible_v<Field, Key, uint64_t>);

// What Key refuses at compile time.
static_assert(is_snake_case("a") && is_snake_case("run_id") && is_snake_case("p99_ms"));
static_assert(!is_snake_case("") && !is_snake_case("_id") && !is_snake_case("id_") && !is_snake_case("a__b") &&
              !is_snake_case("Id") && !is_snake_case("a b") && !is_snake_case("a\"b") && !is_snake_case("9a") &&
              !is_snake_case("a_name_that_is_longer_than_forty_letters_"));
static_assert(is_personal("name") && is_personal("employee_id") && is_personal("gross_pay") &&
              is_personal("bank_account") && !is_personal("employees") && !is_personal("payload_bytes"));

class LoggerTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = fs::temp_directory_path() / "kaogong_log_XXXXXX";
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { fs::remove_all(folder_); }

  Logger open(Options options = {}) {
    options.file_path = path();
    std::string error;
    auto logger = Logger::open(options, clock_, &error);
    EXPECT_TRUE(logger.has_value()) << error;
    return *logger;
  }
  std::string path() const { return folder_ / "log.jsonl"; }
  std::vector<std::string> lines() const {
    std::ifstream in(path());
    std::vector<std::string> all;
    for (std::string line; std::getline(in, line);) all.push_back(line);
    return all;
  }

  fs::path folder_;
  clock::ManualClock clock_{std::chrono::sys_days{std::chrono::year{2026} / 10 / 31}};
};

TEST_F(LoggerTest, LineHasTimeLevelEventContextAndTypedFields) {
  const std::string tenant = "t_81";
  const Logger logger = open().with({{kTenantId, MachineText(tenant)}, {kRunId, 42}});
  clock_.advance(1500ms);
  logger.info(kTested, {{keys::kRows, uint64_t{18446744073709551615u}},
                        {keys::kCount, -3},
                        {kState, "published"},
                        {keys::kAttempt, true},
                        {keys::kElapsedMs, 12345us},
                        {keys::kReason, Redacted("Wang Wu, 12,500.00")}});
  EXPECT_EQ(lines(), std::vector<std::string>{
                         R"({"time":"2026-10-31T00:00:01.500000Z","level":"info","event":"thing_tested",)"
                         R"("tenant_id":"t_81","run_id":42,"rows":18446744073709551615,"count":-3,"state":"published",)"
                         R"("attempt":true,"elapsed_ms":12,"reason":"[redacted 18 bytes]"})"});
}

TEST_F(LoggerTest, ContextIsReplacedByKeyAndNotSharedBetweenCopies) {
  const Logger base = open();
  const Logger run = base.with({{kRunId, 1}});
  run.with({{kRunId, 2}}).info(kTested);
  run.info(kTested, {{kRunId, 3}});
  run.info(kTested);
  base.info(kTested);
  const auto all = lines();
  ASSERT_EQ(all.size(), 4u);
  const std::string head = R"({"time":"2026-10-31T00:00:00.000000Z","level":"info","event":"thing_tested")";
  EXPECT_EQ(all[0], head + R"(,"run_id":2})");
  EXPECT_EQ(all[1], head + R"(,"run_id":3})");
  EXPECT_EQ(all[2], head + R"(,"run_id":1})");
  EXPECT_EQ(all[3], head + "}");
}

TEST_F(LoggerTest, MachineTextIsEscapedAndANetCatchesWhatIsNone) {
  const Logger logger = open();
  logger.info(kTested, {{keys::kReason, MachineText("say \"no\" \\ {} {0} %v")}});
  logger.info(kTested, {{keys::kReason, MachineText("王五")}});
  logger.info(kTested, {{keys::kReason, MachineText("two\nlines")}});
  logger.info(kTested, {{keys::kReason, MachineText(std::string(MachineText::kBytesMax, 'x'))}});
  logger.info(kTested, {{keys::kReason, MachineText(std::string(MachineText::kBytesMax + 1, 'x'))}});
  logger.info(kTested, {{keys::kReason, "tab\tand \x01"}});
  std::vector<std::string> reasons;
  for (const std::string& line : lines()) reasons.push_back(YAML::Load(line)["reason"].as<std::string>());
  EXPECT_EQ(reasons, (std::vector<std::string>{"say \"no\" \\ {} {0} %v", "[redacted 6 bytes]", "[redacted 9 bytes]",
                                               std::string(200, 'x'), "[redacted 201 bytes]", "tab\tand \x01"}));
}

TEST_F(LoggerTest, LevelIsSharedAndChangesAtOnce) {
  const Logger logger = open({.level = Level::kWarn});
  const Logger copy = logger.with({{kRunId, 1}});
  copy.info(kTested);
  copy.warn(kTested);
  EXPECT_FALSE(copy.enabled(Level::kInfo));
  logger.set_level(Level::kDebug);
  copy.debug(kTested);
  logger.set_level(Level::kOff);
  copy.error(kTested);
  ASSERT_EQ(lines().size(), 2u);
  EXPECT_EQ(YAML::Load(lines()[0])["level"].as<std::string>(), "warn");
  EXPECT_EQ(YAML::Load(lines()[1])["level"].as<std::string>(), "debug");
  for (const Level level : {Level::kDebug, Level::kInfo, Level::kWarn, Level::kError, Level::kOff})
    EXPECT_EQ(level_of(to_text(level)), level);
  EXPECT_EQ(level_of("INFO"), std::nullopt);
}

TEST_F(LoggerTest, RepeatedLinesAreCountedInsteadOfWritten) {
  const Logger logger = open({.rate = {.lines_max = 3, .window = 1000ms}});
  for (int i = 0; i < 10; ++i) logger.warn(kTested, {{keys::kCount, i}});
  logger.warn(kOther);  // has its own count
  clock_.advance(999ms);
  logger.warn(kTested);
  EXPECT_EQ(lines().size(), 4u);
  clock_.advance(1ms);
  logger.warn(kTested);
  ASSERT_EQ(lines().size(), 5u);
  EXPECT_EQ(YAML::Load(lines()[4])["suppressed"].as<int>(), 8);
  for (int i = 0; i < 5; ++i) logger.warn(kTested);
  logger.flush();
  logger.flush();
  ASSERT_EQ(lines().size(), 8u);
  EXPECT_TRUE(lines()[7].ends_with(R"("event":"log_lines_suppressed","of":"thing_tested","suppressed":3})"));
}

TEST_F(LoggerTest, ManyThreadsWriteWholeLines) {
  const Logger logger = open({.rate = {.lines_max = 1'000'000}});
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&logger, t] {
      const Logger mine = logger.with({{kRunId, t}});
      for (int i = 0; i < 500; ++i) mine.info(kTested, {{keys::kCount, i}});
    });
  for (auto& thread : threads) thread.join();
  std::vector<int> next(4, 0);
  for (const std::string& line : lines()) {
    const YAML::Node node = YAML::Load(line);
    const int run = node["run_id"].as<int>();
    ASSERT_EQ(node["count"].as<int>(), next.at(static_cast<size_t>(run))++);
  }
  EXPECT_EQ(next, std::vector<int>(4, 500));
}

TEST_F(LoggerTest, FilesAreTurnedOverAtTheirBound) {
  const Logger logger = open({.file_bytes_max = 1000, .files_kept = 2, .rate = {.lines_max = 1'000'000}});
  for (int i = 0; i < 100; ++i) logger.info(kTested, {{keys::kCount, i}});
  size_t files = 0;
  for (const auto& entry : fs::directory_iterator(folder_)) {
    ++files;
    EXPECT_LE(entry.file_size(), 1000u);
  }
  EXPECT_EQ(files, 3u);  // the one that is written and two kept
  EXPECT_TRUE(lines().back().ends_with("\"count\":99}"));
}

TEST_F(LoggerTest, FailuresAreCountedNotThrown) {
  std::string error;
  EXPECT_FALSE(Logger::open({.file_path = "/proc/no/such/log"}, clock_, &error).has_value());
  EXPECT_FALSE(error.empty());
  if (!fs::exists("/dev/full")) GTEST_SKIP() << "no /dev/full";
  auto logger = Logger::open({.file_path = "/dev/full"}, clock_, &error);
  ASSERT_TRUE(logger.has_value()) << error;
  EXPECT_EQ(logger->lines_lost(), 0u);
  logger->info(kTested);
  logger->info(kTested);
  EXPECT_GT(logger->lines_lost(), 0u);
}

TEST(LoggerStderr, StandardErrorIsTheDefault) {
  const clock::ManualClock clock;
  std::string error;
  const auto logger = Logger::open({}, clock, &error);
  ASSERT_TRUE(logger.has_value());
  testing::internal::CaptureStderr();
  logger->info(kTested);
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "{\"time\":\"1970-01-01T00:00:00.000000Z\",\"level\":\"info\",\"event\":\"thing_tested\"}\n");
}

}  // namespace
}  // namespace kaogong::log
