// Blocks: headers, byte order marks, records longer than a block, records that are never held.
#include "infra/csv/block_reader.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <string>

#include "infra/csv/records.h"

namespace kaogong::csv {
namespace {

int file_with(const std::string& text) {
  const int fd = memfd_create("test", 0);
  EXPECT_EQ(::write(fd, text.data(), text.size()), static_cast<ssize_t>(text.size()));
  ::lseek(fd, 0, SEEK_SET);
  return fd;
}

TEST(BlockReader, HeaderAndByteOrderMark) {
  BlockReader reader(
      file_with("\xEF\xBB\xBF"
                "employee,\"a \"\"b\"\"\"\r\nE1,2\n"));
  auto block = reader.next();
  ASSERT_NE(block, nullptr);
  std::vector<std::string> names;
  uint64_t lines = 0;
  EXPECT_EQ(take_header(block.get(), {}, &names, &lines), FaultKind::kNone);
  EXPECT_EQ(names, (std::vector<std::string>{"employee", "a \"b\""}));
  EXPECT_EQ(lines, 1u);
  RecordScanner scanner(2, {});
  scanner.begin(*block);
  Records records;
  ASSERT_TRUE(scanner.next(&records));
  EXPECT_EQ(records.raw(0, 0), "E1");
  EXPECT_FALSE(scanner.next(&records));
  EXPECT_EQ(reader.next(), nullptr);
}

TEST(BlockReader, EmptyFile) {
  BlockReader empty(file_with("")), only_mark(file_with("\xEF\xBB\xBF"));
  EXPECT_EQ(empty.next(), nullptr);
  EXPECT_EQ(only_mark.next(), nullptr);
}

TEST(BlockReader, MissingFileAndFolder) {
  std::string error;
  EXPECT_EQ(BlockReader::open("/nonexistent/file.csv", &error), nullptr);
  EXPECT_FALSE(error.empty());
  error.clear();
  EXPECT_EQ(BlockReader::open("/tmp", &error), nullptr);
  EXPECT_EQ(error, "it is a directory");
  EXPECT_EQ(BlockReader::open("/dev/zero", &error), nullptr);
  EXPECT_EQ(error, "it is a device or a pipe, not a file");
  EXPECT_FALSE(error.empty());
}

TEST(BlockReader, OversizedRecordIsSkipped) {
  Limits limits;
  limits.block_bytes = 1000;
  limits.field_bytes_max = 2000;
  limits.record_bytes_max = 10'000;
  for (const bool quoted : {false, true}) {
    const std::string huge(100'000, 'x');
    const std::string field = quoted ? '"' + huge + "\n" + huge + '"' : huge;
    BlockReader reader(file_with("E1,a\nE2," + field + "\nE3,b\n"), limits);
    RecordScanner scanner(2, limits);
    std::vector<std::string> ids;
    std::vector<FaultKind> faults;
    std::vector<uint64_t> lines;
    uint64_t line = 1;
    while (auto block = reader.next()) {
      scanner.begin(*block);
      Records records;
      while (scanner.next(&records)) {
        ids.emplace_back(records.raw(0, 0));
        faults.push_back(records.fault);
        lines.push_back(line + records.lines_before(0));
      }
      line += scanner.block_lines();
    }
    EXPECT_EQ(ids, (std::vector<std::string>{"E1", "E2", "E3"}));
    EXPECT_EQ(faults, (std::vector<FaultKind>{FaultKind::kNone, FaultKind::kRecordTooLong, FaultKind::kNone}));
    EXPECT_EQ(lines, (std::vector<uint64_t>{1, 2, quoted ? 4u : 3u}));
  }
}

TEST(BlockReader, HugeLineInBoundedMemory) {
  // A file of 1 GB in one line, without a byte of it on the disk.
  const int fd = memfd_create("huge", 0);
  ASSERT_EQ(::write(fd, "a,b\n1,", 6), 6);
  ASSERT_EQ(::ftruncate(fd, off_t{1} << 30), 0);
  ::lseek(fd, 0, SEEK_SET);
  rusage before{}, after{};
  getrusage(RUSAGE_SELF, &before);
  BlockReader reader(fd);
  RecordScanner scanner(2, {});
  int faults = 0;
  while (auto block = reader.next()) {
    scanner.begin(*block);
    Records records;
    while (scanner.next(&records)) faults += records.fault == FaultKind::kRecordTooLong;
  }
  EXPECT_EQ(faults, 1);
  getrusage(RUSAGE_SELF, &after);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  EXPECT_LT(after.ru_maxrss - before.ru_maxrss, 100 * 1024);
#endif
}

}  // namespace
}  // namespace kaogong::csv
