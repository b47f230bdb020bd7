// All chunks of a snapshot, packed by many threads.
#include <tbb/parallel_pipeline.h>
#include <tbb/task_arena.h>

#include <atomic>
#include <memory>

#include "tenants/snapshot/snapshot.h"

namespace kaogong::snapshot {

bool pack_chunks(const folder::FolderInputs& folder, const scheme::Document& document, Compression compression,
                 const TakeChunk& take) {
  const std::vector<size_t> ends = cut(folder.inputs);
  const RejectsByRow rejects(folder.rejects);
  using ChunkPointer = std::shared_ptr<PackedChunk>;  // the pipeline copies its items
  size_t next = 0, taken = 0;
  std::atomic<bool> going = true;  // the first stage may hear late of the last one's end
  const auto begin = [&](tbb::flow_control& flow) -> size_t {
    if (next == ends.size() || !going) {
      flow.stop();
      return 0;
    }
    return next++;
  };
  const auto pack = [&](size_t place) {
    return std::make_shared<PackedChunk>(
        pack_chunk(folder, document, rejects, place == 0 ? 0 : ends[place - 1], ends[place], compression));
  };
  const auto hand_over = [&](const ChunkPointer& chunk) {
    if (going && !take(taken++, std::move(*chunk))) going = false;
  };
  tbb::parallel_pipeline(2 * static_cast<size_t>(tbb::this_task_arena::max_concurrency()),
                         tbb::make_filter<void, size_t>(tbb::filter_mode::serial_in_order, begin) &
                             tbb::make_filter<size_t, ChunkPointer>(tbb::filter_mode::parallel, pack) &
                             tbb::make_filter<ChunkPointer, void>(tbb::filter_mode::serial_in_order, hand_over));
  return going;
}

}  // namespace kaogong::snapshot
