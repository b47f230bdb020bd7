// A bound scheme made ready to run: which nodes belong to which stage, what is kept whole, and the instructions.
#pragma once

#include <memory>
#include <vector>

#include "engine/plan/bind.h"
#include "engine/plan/kernels.h"

namespace kaogong::plan {

/// Where a vector of a morsel lies.
struct Operand {
  enum class Kind : uint8_t { kNone, kSlot, kColumn, kValid, kConstant, kWhole } kind = Kind::kNone;
  uint32_t slot = 0;                       // kSlot
  const column::Column* column = nullptr;  // kColumn, kValid: an input's
  column::Column* whole = nullptr;         // kWhole: a kept node's
  Domain domain;                           // which rows it has
  Physical physical = Physical::kI64;
  Int constant = 0;  // kConstant: broadcast
};

struct Instruction {
  enum class Kind : uint8_t {
    kKernel,
    kLinear,
    kDivideConstant,
    kBand,
    kGather,
    kExpand,
    kSegment,
    kScatter,
    kSegmentCount,
    kDistinct,
    kHashFind,
    kComplete,
    kDate,
    kFail,
    kCopy,
  } kind = Kind::kKernel;
  Kernel kernel = nullptr;
  const Node* node = nullptr;
  Domain domain;  // of the output
  Operand out, in[3];
  std::vector<Operand> operands;  // kLinear, kHashFind, kComplete
  Int constant = 0;
  std::vector<std::byte> table;  // constants in the width that the loop wants
  size_t table_size = 0;
  Magic magic;
  bool check_overflow = false;
};

/// Slots hold one vector of a morsel each, reused as soon as nobody reads them.
struct Slot {
  Domain::Kind domain_kind = Domain::Kind::kEmployee;
  uint32_t domain_index = 0;
  Physical physical = Physical::kI64;
};

struct Stage {
  std::vector<Instruction> instructions;
  std::vector<Slot> slots;
  std::vector<Int> constants;  // broadcast vectors: value and width
  std::vector<Physical> constant_widths;
  std::vector<uint32_t> constant_slots;
  std::vector<const Node*> barriers;  // cohorts and interpreted decisions that run when the stage is through
  std::vector<bool> tables, groups;   // whose child rows it touches
};

struct Schedule {
  std::vector<Stage> stages;
  std::vector<std::unique_ptr<column::Column>> whole;  // by node id; null: not kept
};

/// `roots`: nodes whose values are wanted whole. Failures are always computed.
Schedule make_schedule(const BoundScheme& bound, const std::vector<const Node*>& roots, const BindInput& input,
                       column::Workspace* workspace);

}  // namespace kaogong::plan
