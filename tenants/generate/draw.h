// How the values of a column are drawn.
#pragma once

#include <cstdint>
#include <vector>

#include "tenants/generate/cell.h"
#include "tenants/generate/random.h"

namespace kaogong::generate {

/// What a person is like, behind all of his or her figures.
struct Person {
  uint64_t index = 0;       // in the population, from 0
  int32_t z = 0;            // ability, in 1/4096 standard deviations
  uint32_t place = 0;       // the same as a place 0..2^32-1 among all
  std::vector<Cell> cells;  // the inputs, in the document's order
};

/// A distribution of values between `low` and `high`, in whole steps. All in integer arithmetic.
struct Draw {
  enum class Shape : uint8_t {
    kEven,    // any value as likely as any other
    kNormal,  // around `mean`
    kSkill,   // around `mean`, more for an able person
    kTail,    // mostly near `low`, seldom far up
    kChoice,  // one of `choices`
  } shape = Shape::kEven;
  Cell low = 0, high = 0, step = 1;
  int32_t mean = 780, deviation = 110;  // permille of the range
  int32_t steady = 800,
          chance = 600;   // kSkill: how much of the deviation is the person's and how much is not, permille
  bool reversed = false;  // kSkill: the less the better
  uint32_t zero_permille = 0, null_permille = 0;
  std::vector<Cell> choices;
  std::vector<uint32_t> up_to;  // cumulative weights of the choices; empty: all alike
  bool best_first = false;      // kChoice: an able person has an early choice

  Cell next(const Person& person, Random& random) const;
  /// A place in the range, 0..2^32-1, by the shape.
  uint32_t place(const Person& person, Random& random) const;
};

/// The value at a place between two bounds, in whole steps from `low`. Precondition: low <= high, step > 0.
Cell value_at(Cell low, Cell high, Cell step, uint32_t place);

}  // namespace kaogong::generate
