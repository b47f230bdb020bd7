// A snapshot: what a run computes from, as packed chunks and a head that binds them.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tenants/folder/read_folder.h"
#include "tenants/snapshot/chunk.h"

namespace kaogong::snapshot {

/// What all chunks share, and what is known of each.
struct Head {
  scheme::Period period;
  Checksum signature;  // of the scheme's inputs
  uint64_t rows = 0, enrolled = 0, refused = 0;
  std::vector<ChunkFacts> chunks;
};

/// Puts the rows in the order of the employees' ids, compared as bytes; rows of one id keep their order. Does nothing
/// where they have it. Child rows, history, refusals and rejects go with their employees.
void sort_by_employee(folder::FolderInputs* folder);

/// Puts the rejects of employees that are not in the population behind the others, in the order of their ids.
void order_rejects_of_nobody(folder::Rejects* rejects);

/// Whether a chunk of so many rows ends where the employee after it is this one, whatever rows they have.
bool may_end_before(size_t rows, std::string_view next_employee);
/// Where chunks end: the rows behind each. A cut depends on the employees near it only, so that somebody who joins or
/// leaves changes a chunk or two and moves none.
std::vector<size_t> cut(const column::Inputs& inputs);

/// Packs all chunks with the threads of the calling thread's TBB arena and hands them over in order, with their place.
/// Memory: a few chunks. Precondition: sorted by employee. False: `take` returned false.
using TakeChunk = std::function<bool(size_t, PackedChunk)>;
bool pack_chunks(const folder::FolderInputs& folder, const scheme::Document& document, Compression compression,
                 const TakeChunk& take);

/// The head's bytes. Of `folder` they depend on the period, lookups, parameters, warnings, and rejects of nobody in the
/// population; the rest is in the chunks' facts.
std::string pack_head(const folder::FolderInputs& folder, const scheme::Document& document,
                      const std::vector<ChunkFacts>& chunks);
/// The checksum of a whole snapshot: of its head, which has those of its chunks.
Checksum checksum_of_head(std::string_view head);

/// Reads a head, and what of it is inputs. Nothing, and why in `error`: damaged, or of a scheme with other inputs.
struct UnpackedHead {
  Head head;
  folder::FolderInputs folder;  // without the employees
};
std::optional<UnpackedHead> unpack_head(std::string_view bytes, const scheme::Document& document, std::string* error);

struct UnpackOptions {
  uint64_t bytes_max = uint64_t{256} << 30;  // of memory that the columns may take
};
/// Gives a chunk's bytes by its place; nothing, and why in `error`: that fails. Called in order, by one thread at a
/// time.
using GiveChunk = std::function<std::optional<std::string>(size_t, std::string* error)>;
/// Reads a whole snapshot into columns, with the threads of the calling thread's TBB arena; memory: the columns and a
/// few chunks. The columns are those that were packed, with the codes of open strings in the order of their first use.
/// Errors: as unpack_head; a chunk that is damaged, or of another snapshot; too large.
std::optional<folder::FolderInputs> unpack(std::string_view head, const scheme::Document& document,
                                           const GiveChunk& give, std::string* error,
                                           const UnpackOptions& options = {});

/// Bytes of memory that inputs take.
uint64_t memory_of(const folder::FolderInputs& folder);

}  // namespace kaogong::snapshot
