// Every source, every fault with its words, and what a wrong declaration does.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "infra/config/near.h"
#include "infra/config/registry.h"
#include "infra/config/show.h"
#include "infra/config/yaml_file.h"

namespace kaogong::config {
namespace {

namespace fs = std::filesystem;

enum class Colour { kRed, kGreen };

struct Options {
  int64_t delay_ms = 200;
  uint16_t threads = 2;
  size_t buffer_bytes = 4096;
  bool eager = false;
  std::string endpoint = "localhost:1";
  std::string password;
  Colour colour = Colour::kGreen;
};

void declare(Registry& registry, Options& options) {
  registry.add_integer({.name = "engine.delay_ms", .en = "waits", .zh = "等待", .reloadable = true}, &options.delay_ms,
                       1, 1000);
  registry.add_integer({.name = "engine.threads", .en = "threads", .zh = "线程"}, &options.threads, 1, 64);
  registry.add_integer({.name = "engine.buffer_bytes", .en = "buffer", .zh = "缓冲"}, &options.buffer_bytes, 1,
                       int64_t{1} << 30);
  registry.add_boolean({.name = "engine.eager", .en = "at once", .zh = "立即"}, &options.eager);
  registry.add_text({.name = "store.endpoint", .en = "where", .zh = "地址"}, &options.endpoint,
                    {.bytes_min = 3,
                     .bytes_max = 50,
                     .form = "host:port",
                     .check = [](std::string_view text) -> std::optional<Wrong> {
                       if (text.find(':') != std::string_view::npos) return std::nullopt;
                       return Wrong{"has no port", "write host:port"};
                     }});
  registry.add_text({.name = "store.password", .en = "secret word", .zh = "口令", .secret = true}, &options.password,
                    {.bytes_max = 20});
  registry.add_choice<Colour>({.name = "store.colour", .en = "colour", .zh = "颜色"}, &options.colour,
                              {{"red", Colour::kRed}, {"green", Colour::kGreen}});
  registry.add_rule("engine.delay_ms", [&options]() -> std::optional<Wrong> {
    if (options.delay_ms >= options.threads) return std::nullopt;
    return Wrong{"is less than engine.threads", "raise it"};
  });
}

class ConfigTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = fs::temp_directory_path() / "kaogong_config_XXXXXX";
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    declare(registry_, options_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string file(const std::string& text) {
    std::ofstream(folder_ / "k.yaml") << text;
    return folder_ / "k.yaml";
  }
  // The faults as text, without the folder of the file.
  std::vector<std::string> load(const Sources& sources) {
    std::vector<std::string> texts;
    for (const Fault& fault : registry_.load(sources)) {
      std::string text = to_text(fault);
      if (text.starts_with(folder_.string())) text.erase(0, folder_.string().size() + 1);
      texts.push_back(text);
    }
    return texts;
  }
  std::string only_fault(const Sources& sources) {
    const auto faults = load(sources);
    EXPECT_EQ(faults.size(), 1u) << testing::PrintToString(faults);
    return faults.empty() ? "" : faults.front();
  }

  fs::path folder_;
  Options options_;
  Registry registry_;
};

TEST_F(ConfigTest, DefaultsAreThoseOfTheStruct) {
  EXPECT_EQ(load({}), std::vector<std::string>{});
  EXPECT_EQ(options_.delay_ms, 200);
  EXPECT_EQ(options_.colour, Colour::kGreen);
  EXPECT_EQ(registry_.find("engine.delay_ms")->source, "default");
  EXPECT_EQ(registry_.find("engine.nothing"), nullptr);
}

TEST_F(ConfigTest, LaterSourcesWin) {
  Sources sources;
  sources.file_path = file("engine:\n  delay_ms: 300\n  threads: 3\n  eager: true\nstore:\n  colour: red\n");
  sources.environment = {"PATH=/bin", "KAOGONG_ENGINE_DELAY_MS=400", "KAOGONG_ENGINE_THREADS=4"};
  sources.flags = {"engine.delay_ms=500", "store.endpoint=a=b:1"};
  EXPECT_EQ(load(sources), std::vector<std::string>{});
  EXPECT_EQ(options_.delay_ms, 500);
  EXPECT_EQ(options_.threads, 4);
  EXPECT_TRUE(options_.eager);
  EXPECT_EQ(options_.colour, Colour::kRed);
  EXPECT_EQ(options_.endpoint, "a=b:1");
  EXPECT_EQ(registry_.find("engine.delay_ms")->source, "flag --set engine.delay_ms");
  EXPECT_EQ(registry_.find("engine.threads")->source, "environment KAOGONG_ENGINE_THREADS");
  EXPECT_EQ(registry_.find("store.colour")->source, sources.file_path + ":6");
}

TEST_F(ConfigTest, BytesMayHaveAUnit) {
  EXPECT_EQ(load({.flags = {"engine.buffer_bytes=3MiB"}}), std::vector<std::string>{});
  EXPECT_EQ(options_.buffer_bytes, size_t{3} << 20);
  EXPECT_EQ(load({.flags = {"engine.buffer_bytes=1GiB"}}), std::vector<std::string>{});
  const std::string remedy = "; write a whole number from 1 to 1073741824, or one with KiB, MiB or GiB behind it";
  EXPECT_EQ(
      only_fault({.flags = {"engine.buffer_bytes=9999999999GiB"}}),
      "flag --set engine.buffer_bytes: engine.buffer_bytes = \"9999999999GiB\": is not a whole number of 64 bits" +
          remedy);
  EXPECT_EQ(only_fault({.flags = {"engine.buffer_bytes=2GiB"}}),
            "flag --set engine.buffer_bytes: engine.buffer_bytes = \"2GiB\": is too large" + remedy);
  EXPECT_EQ(only_fault({.flags = {"engine.delay_ms=1KiB"}}),
            "flag --set engine.delay_ms: engine.delay_ms = \"1KiB\": is not a whole number of 64 bits; write a whole "
            "number from 1 to 1000");
}

TEST_F(ConfigTest, EveryFaultNamesSourceKeyValueAndRemedy) {
  Sources sources;
  sources.file_path = file(
      "engine:\n"
      "  delay_ms: 2OO\n"
      "  treads: 3\n"
      "  threads: 65\n"
      "  eager: yes\n"
      "store:\n"
      "  endpoint: ab\n"
      "  colour: bleu\n");
  sources.environment = {"KAOGONG_STORE_ENDPOINT=localhost", "KAOGONG_STORE_COLOR=red"};
  sources.flags = {"store.colour", "engine.delay_ms=0"};
  EXPECT_EQ(
      load(sources),
      (std::vector<std::string>{
          "k.yaml:2: engine.delay_ms = \"2OO\": is not a whole number of 64 bits; write a whole number from 1 to 1000",
          "k.yaml:3: engine.treads = ********: is not a key; did you mean engine.threads?",
          "k.yaml:4: engine.threads = \"65\": is too large; write a whole number from 1 to 64",
          "k.yaml:5: engine.eager = \"yes\": is not one of the choices; write true or false",
          "k.yaml:7: store.endpoint = \"ab\": is too short; write host:port",
          "k.yaml:8: store.colour = \"bleu\": is not one of the choices; write red or green",
          "environment KAOGONG_STORE_COLOR: is not a key; did you mean KAOGONG_STORE_COLOUR?",
          "environment KAOGONG_STORE_ENDPOINT: store.endpoint = \"localhost\": has no port; write host:port",
          "flag --set store.colour: has no value; write --set key=value",
          "flag --set engine.delay_ms: engine.delay_ms = \"0\": is too small; write a whole number from 1 to 1000"}));
}

TEST_F(ConfigTest, FormOfTheFile) {
  EXPECT_EQ(only_fault({.file_path = file("engine:\n  delay_ms: 1\n  delay_ms: 2\n")}),
            "k.yaml:3: engine.delay_ms = \"\": stands twice; keep one of them");
  EXPECT_EQ(only_fault({.file_path = file("engine:\n  threads: 1\nengine:\n  threads: 2\n")}),
            "k.yaml:4: engine.threads = \"\": stands twice; keep one of them");
  EXPECT_EQ(only_fault({.file_path = file("engine:\n  delay_ms:\n")}),
            "k.yaml:2: engine.delay_ms = \"\": has no value; write one, or take the line out to get the default");
  EXPECT_EQ(only_fault({.file_path = file("engine:\n  delay_ms: [1, 2]\n")}),
            "k.yaml:2: engine.delay_ms = \"\": is not one value; write `key: value`");
  EXPECT_EQ(only_fault({.file_path = file("engine: fast\n")}),
            "k.yaml:1: engine = \"fast\": is a value where a section must be; write `engine:` and below it, indented, "
            "`key: value`");
  EXPECT_EQ(only_fault({.file_path = file("- a\n")}),
            "k.yaml:1: is not a map of sections; write `section:` and below it, indented, `key: value`");
  EXPECT_TRUE(only_fault({.file_path = file("engine:\n\t- {")}).starts_with("k.yaml:2: is not YAML: "));
  EXPECT_TRUE(only_fault({.file_path = file(std::string(5000, '['))}).starts_with("k.yaml:1: is not YAML: "));
  EXPECT_EQ(load({.file_path = file("")}), std::vector<std::string>{});
  EXPECT_EQ(load({.file_path = file("engine:\n# nothing\n")}), std::vector<std::string>{});
  EXPECT_EQ(only_fault({.file_path = folder_ / "none.yaml"}),
            "none.yaml: cannot be read: No such file or directory; give the path of a file that this user may read");
  EXPECT_TRUE(only_fault({.file_path = folder_}).find("cannot be read: ") != std::string::npos);
  EXPECT_EQ(only_fault({.file_path = file(std::string(kFileBytesMax + 1, '#'))}),
            "k.yaml: is longer than 1048576 bytes; give a configuration file");
  EXPECT_EQ(load({.file_path = file(std::string(kFileBytesMax, '#'))}), std::vector<std::string>{});
}

TEST_F(ConfigTest, SecretsAreNeverShown) {
  Sources sources{.flags = {"store.password=correct horse"}};
  EXPECT_EQ(load(sources), std::vector<std::string>{});
  EXPECT_EQ(options_.password, "correct horse");
  EXPECT_EQ(values_as_text(registry_).find("horse"), std::string::npos);
  EXPECT_NE(values_as_text(registry_).find("store.password       ********"), std::string::npos);
  EXPECT_EQ(only_fault({.flags = {"store.password=correct horse battery staple"}}),
            "flag --set store.password: store.password = ********: is too long; write text, at most 20 bytes");
  EXPECT_EQ(only_fault({.flags = {"store.pasword=correct horse"}}),
            "flag --set store.pasword: store.pasword = ********: is not a key; did you mean store.password?");
}

TEST_F(ConfigTest, VariablesOfOthersAreLeftAlone) {
  EXPECT_EQ(load({.environment = {"KAOGONG_JOBS=4", "KAOGONG_STORE_SERVICE_HOST=10.0.0.1", "KAOGONG_STORE_PORT=tcp://x",
                                  "KAOGONG_STORE_PORT_6379_TCP=x", "KAOGONG_STORE_SERVICE_PORT_HTTP=1", "OTHER"}}),
            std::vector<std::string>{});
  EXPECT_EQ(only_fault({.environment = {"KAOGONG_STORE_UNHEARD_OF=1"}}),
            "environment KAOGONG_STORE_UNHEARD_OF: is not a key; `kaogong config` lists the keys");
  EXPECT_EQ(only_fault({.environment = {"KAOGONG_ENIGNE_THREADS=1"}}),
            "environment KAOGONG_ENIGNE_THREADS: is not a key; did you mean KAOGONG_ENGINE_THREADS?");
}

TEST_F(ConfigTest, RulesBetweenKeysNameTheSource) {
  EXPECT_EQ(only_fault({.flags = {"engine.delay_ms=3", "engine.threads=8"}}),
            "flag --set engine.delay_ms: engine.delay_ms = \"3\": is less than engine.threads; raise it");
}

TEST_F(ConfigTest, ControlCharactersAndLongValuesAreShownShort) {
  const std::string fault = only_fault({.flags = {"store.colour=\x1b[31m" + std::string(500, 'x')}});
  EXPECT_NE(fault.find("\"?[31mxxx"), std::string::npos);
  EXPECT_LT(fault.size(), 300u);
  EXPECT_NE(only_fault({.flags = {std::string("store.endpoint=a:\0b", 19)}}).find("has a byte 0 in it"),
            std::string::npos);
}

TEST_F(ConfigTest, ChangesSayWhetherTheyTakeARestart) {
  ASSERT_TRUE(registry_.load({}).empty());
  Options other;
  Registry later;
  declare(later, other);
  ASSERT_TRUE(later.load({.flags = {"engine.delay_ms=7", "engine.threads=3", "engine.eager=false"}}).empty());
  const auto changes = changes_between(registry_, later);
  ASSERT_EQ(changes.size(), 2u);
  EXPECT_EQ(changes[0].key, "engine.delay_ms");
  EXPECT_TRUE(changes[0].reloadable);
  EXPECT_EQ(changes[1].key, "engine.threads");
  EXPECT_FALSE(changes[1].reloadable);
}

TEST_F(ConfigTest, Shown) {
  ASSERT_TRUE(registry_.load({.flags = {"engine.eager=true"}}).empty());
  EXPECT_EQ(values_as_text(registry_),
            "engine.delay_ms      200                       default\n"
            "engine.threads       2                         default\n"
            "engine.buffer_bytes  4096                      default\n"
            "engine.eager         true                      flag --set engine.eager\n"
            "store.endpoint       localhost:1               default\n"
            "store.password       -                         default\n"
            "store.colour         green                     default\n");
  EXPECT_EQ(reference_as_markdown(registry_, Language::kEn),
            "### engine\n\n"
            "| key | default | allowed | what it is |\n"
            "|---|---|---|---|\n"
            "| `engine.delay_ms` | `200` | 1 to 1000 | waits (reloadable) |\n"
            "| `engine.threads` | `2` | 1 to 64 | threads |\n"
            "| `engine.buffer_bytes` | `4096` | 1 to 1073741824 | buffer |\n"
            "| `engine.eager` | `false` | true or false | at once |\n\n"
            "### store\n\n"
            "| key | default | allowed | what it is |\n"
            "|---|---|---|---|\n"
            "| `store.endpoint` | `localhost:1` | host:port | where |\n"
            "| `store.password` |  | text | secret word (secret) |\n"
            "| `store.colour` | `green` | red or green | colour |\n");
  EXPECT_NE(reference_as_markdown(registry_, Language::kZh).find("| 等待（可热更新） |"), std::string::npos);
}

TEST_F(ConfigTest, WrongDeclarationsAbort) {
  int64_t place = 5;
  const auto add = [&](Description description, int64_t max) {
    registry_.add_integer(std::move(description), &place, 1, max);
  };
  EXPECT_DEATH(add({.name = "engine.threads", .en = "x", .zh = "x"}, 9), "declared twice");
  EXPECT_DEATH(add({.name = "threads", .en = "x", .zh = "x"}, 9), "section.key");
  EXPECT_DEATH(add({.name = "a.b.c", .en = "x", .zh = "x"}, 9), "section.key");
  EXPECT_DEATH(add({.name = "a.B", .en = "x", .zh = "x"}, 9), "section.key");
  EXPECT_DEATH(add({.name = "a.b", .en = "x"}, 9), "no description");
  EXPECT_DEATH(add({.name = "a.b", .en = "x", .zh = "x"}, 4), "default is not allowed");
  EXPECT_DEATH(registry_.add_rule("a.none", [] { return std::nullopt; }), "not declared");
}

TEST(Nearest, IsAtMostAThirdAway) {
  const std::vector<std::string_view> names = {"redis.endpoint", "log.level"};
  EXPECT_EQ(nearest("redis.enpoint", names), "redis.endpoint");
  EXPECT_EQ(nearest("loglevel", names), "log.level");
  EXPECT_EQ(nearest("worker.threads", names), "");
  EXPECT_EQ(nearest("", names), "");
  EXPECT_EQ(nearest(std::string(101, 'r'), names), "");
}

}  // namespace
}  // namespace kaogong::config
