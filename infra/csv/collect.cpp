#include "infra/csv/collect.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>

#include "infra/csv/records.h"

namespace kaogong::csv {

std::vector<reference::Record> collect(std::string_view text, size_t fields, Limits limits, const Kernel& kernel) {
  const int fd = memfd_create("csv", 0);
  if (fd < 0 || ::write(fd, text.data(), text.size()) != static_cast<ssize_t>(text.size())) std::abort();
  ::lseek(fd, 0, SEEK_SET);
  BlockReader reader(fd, limits);
  RecordScanner scanner(fields, limits, kernel);
  std::vector<reference::Record> all;
  size_t line = 1;
  std::string scratch;
  while (auto block = reader.next()) {
    scanner.begin(*block);
    Records records;
    while (scanner.next(&records)) {
      for (size_t i = 0; i < records.count; ++i) {
        reference::Record record;
        record.line = line + records.lines_before(i);
        record.faulty = records.fault != FaultKind::kNone;
        for (size_t c = 0; !record.faulty && c < fields; ++c) record.fields.emplace_back(records.value(i, c, &scratch));
        all.push_back(std::move(record));
      }
    }
    line += scanner.block_lines();
    reader.recycle(std::move(block));
  }
  return all;
}

}  // namespace kaogong::csv
