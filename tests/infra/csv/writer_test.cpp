#include "infra/csv/writer.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace kaogong::csv {
namespace {

std::string field(std::string_view value) {
  std::string out;
  append_field(&out, value);
  return out;
}

TEST(Writer, QuotesOnlyWhereNeeded) {
  EXPECT_EQ(field("plain 考功"), "plain 考功");
  EXPECT_EQ(field("a,b"), "\"a,b\"");
  EXPECT_EQ(field("say \"hi\""), "\"say \"\"hi\"\"\"");
  EXPECT_EQ(field("two\nlines"), "\"two\nlines\"");
  EXPECT_EQ(field(""), "");
}

TEST(Writer, AllOrNothing) {
  const auto folder = std::filesystem::temp_directory_path() / ("kaogong_writer_" + std::to_string(::getpid()));
  std::filesystem::create_directory(folder);
  const std::string path = folder / "out.csv";
  std::string error;
  {
    auto writer = Writer::create(path, &error);
    ASSERT_NE(writer, nullptr);
    writer->write("abandoned");
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder));
  auto writer = Writer::create(path, &error);
  const std::string large(3'000'000, 'x');
  writer->write("a,");
  writer->write(large);
  writer->write("\n");
  EXPECT_FALSE(std::filesystem::exists(path));
  EXPECT_TRUE(writer->finish(&error)) << error;
  writer.reset();
  std::ifstream in(path);
  std::stringstream text;
  text << in.rdbuf();
  EXPECT_EQ(text.str(), "a," + large + "\n");
  std::filesystem::remove_all(folder);
  EXPECT_EQ(Writer::create("/nonexistent/x.csv", &error), nullptr);
}

TEST(Writer, TakesThePlaceOfAnOlderFile) {
  const auto folder = std::filesystem::temp_directory_path() / ("kaogong_writer_older_" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder / "folder.csv");
  const std::string path = folder / "out.csv";
  const auto text = [&path] {
    std::ifstream in(path);
    std::stringstream all;
    all << in.rdbuf();
    return all.str();
  };
  std::string error;
  std::ofstream(path) << "older";
  auto writer = Writer::create(path, &error);
  ASSERT_NE(writer, nullptr);
  writer->write("new");
  EXPECT_TRUE(writer->sync(&error)) << error;
  EXPECT_EQ(text(), "older");
  EXPECT_TRUE(writer->finish(&error)) << error;
  EXPECT_EQ(text(), "new");
  EXPECT_EQ(Writer::create(folder / "folder.csv", &error), nullptr);
  EXPECT_EQ(error, "it is a directory");
  writer.reset();
  // Nothing else is left.
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder), {}), 2);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace kaogong::csv
