#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>
#include <vector>

#include "infra/tar/header.h"
#include "infra/tar/reader.h"
#include "infra/tar/writer.h"

namespace kaogong::tar::test {
namespace {

using File = std::pair<std::string, std::string>;

class Collected final : public Files {
 public:
  bool begin(std::string_view name, uint64_t bytes) override {
    files.emplace_back(name, std::string());
    expected = bytes;
    return name != refused;
  }
  bool write(std::string_view bytes) override {
    files.back().second += bytes;
    return true;
  }
  bool end() override {
    ++ended;
    return files.back().second.size() == expected;
  }
  std::vector<File> files;
  std::string refused;
  uint64_t expected = 0;
  size_t ended = 0;
};

const std::vector<File> kFiles = {{"empty.csv", ""},
                                  {"people.csv", "employee,name\nE1,张三\n"},
                                  {"block.csv", std::string(kBlockBytes, 'x')},
                                  {"long.csv", std::string(3 * kBlockBytes + 1, 'y')},
                                  {std::string(kNameBytesMax, 'n'), std::string("\0\n", 2)}};

std::string archive_of(const std::vector<File>& files) {
  std::string out;
  for (const auto& [name, text] : files) {
    append_header(&out, name, text.size(), 1'790'000'000);
    out += text;
    append_padding(&out, text.size());
  }
  append_end(&out);
  return out;
}

/// A header with one of its fields exchanged, and the checksum that belongs to it.
std::string changed(const HeaderField& field, std::string_view text) {
  std::string header;
  append_header(&header, "a.csv", 3, 0);
  header.replace(field.at, text.size(), text);
  char sum[8];
  std::snprintf(sum, sizeof sum, "%06llo", static_cast<unsigned long long>(checksum_of(header)));
  header.replace(kChecksum.at, kChecksum.bytes, std::string(sum) + std::string("\0 ", 2));
  return header;
}

std::string fault_of(std::string_view bytes) {
  Collected files;
  Reader reader(files);
  EXPECT_FALSE(reader.take(bytes));
  EXPECT_FALSE(reader.is_whole());
  return reader.fault();
}

TEST(Tar, ReadsWhatItWroteInPiecesOfAnySize) {
  const auto archive = archive_of(kFiles);
  EXPECT_EQ(archive.size() % kBlockBytes, 0u);
  for (const size_t piece : {size_t{1}, size_t{7}, size_t{511}, size_t{512}, size_t{513}, archive.size()}) {
    Collected files;
    Reader reader(files);
    for (size_t at = 0; at < archive.size(); at += piece) {
      EXPECT_FALSE(reader.is_whole());
      ASSERT_TRUE(reader.take(std::string_view(archive).substr(at, piece))) << reader.fault();
    }
    EXPECT_TRUE(reader.is_whole());
    EXPECT_EQ(files.files, kFiles);
    EXPECT_EQ(files.ended, kFiles.size());
    EXPECT_TRUE(reader.take("what comes behind the end"));
  }
}

TEST(Tar, IsWhatTheProgramTarReads) {
  const auto folder = std::filesystem::path(::testing::TempDir()) / ("kaogong_tar_" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  {
    std::ofstream out(folder / "all.tar", std::ios::binary);
    out << archive_of(kFiles);
  }
  const auto command = "tar -x -f '" + (folder / "all.tar").string() + "' -C '" + folder.string() + "'";
  EXPECT_EQ(std::system(command.c_str()), 0);  // NOLINT(cert-env33-c,concurrency-mt-unsafe): a test of one thread
  for (const auto& [name, text] : kFiles) {
    std::ifstream in(folder / name, std::ios::binary);
    std::ostringstream read;
    read << in.rdbuf();
    EXPECT_EQ(read.str(), text) << name;
  }
  std::filesystem::remove_all(folder);
}

TEST(Tar, IsNotWholeBeforeItsEnd) {
  const auto archive = archive_of(kFiles);
  for (size_t size = 0; size < archive.size(); size += 97) {
    Collected files;
    Reader reader(files);
    EXPECT_TRUE(reader.take(std::string_view(archive).substr(0, size)));
    EXPECT_FALSE(reader.is_whole()) << size;
  }
}

TEST(Tar, SizesBeyondEightGigabytesAreSaid) {
  for (const uint64_t bytes : {kOctalMax, kOctalMax + 1, uint64_t{1} << 45, UINT64_MAX}) {
    std::string header;
    append_header(&header, "entries.csv", bytes, 0);
    Collected files;
    Reader reader(files);
    EXPECT_TRUE(reader.take(header)) << reader.fault();
    EXPECT_EQ(files.expected, bytes);
  }
}

TEST(Tar, FaultsAreSaid) {
  auto broken = archive_of(kFiles);
  broken[0] ^= 1;
  EXPECT_EQ(fault_of(broken), "a header's checksum is wrong");
  for (const std::string_view kind : {"1", "2", "5", "x", "g", "L"})
    EXPECT_EQ(fault_of(changed(kKind, kind)), "an entry is no plain file with a short name");
  EXPECT_EQ(fault_of(changed(kPrefix, "..")), "an entry is no plain file with a short name");
  EXPECT_EQ(fault_of(changed(kSize, "0000000009")), "a size is no number");
  EXPECT_EQ(fault_of(changed(kSize, "           ")), "a size is no number");
  EXPECT_EQ(fault_of(changed(kSize, "\x80\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01")), "a size is no number");
  std::string zeros(kBlockBytes, '\0');
  EXPECT_EQ(fault_of(zeros + archive_of(kFiles)), "a file stands behind the archive's end");
}

TEST(Tar, StopsWhereNoMoreIsWanted) {
  const auto archive = archive_of(kFiles);
  Collected files;
  files.refused = kFiles[1].first;
  Reader reader(files);
  EXPECT_FALSE(reader.take(archive));
  EXPECT_EQ(reader.fault(), "");
  EXPECT_EQ(files.files.size(), 2u);
}

}  // namespace
}  // namespace kaogong::tar::test
