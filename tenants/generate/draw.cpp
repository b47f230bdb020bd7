#include "tenants/generate/draw.h"

#include <algorithm>

namespace kaogong::generate {

namespace {

constexpr int64_t kWhole = int64_t{1} << 32;

}  // namespace

Cell value_at(Cell low, Cell high, Cell step, uint32_t place) {
  const auto steps = static_cast<unsigned __int128>((high - low) / step) + 1;
  return low + static_cast<Cell>(static_cast<uint64_t>((steps * place) >> 32)) * step;
}

uint32_t Draw::place(const Person& person, Random& random) const {
  int32_t z = 0;
  switch (shape) {
    case Shape::kEven:
    case Shape::kChoice:
      return random.next32();
    case Shape::kTail: {
      const uint64_t a = random.next32();
      const uint64_t squared = (a * a) >> 32;
      return static_cast<uint32_t>((squared * a) >> 32);
    }
    case Shape::kNormal:
      z = random.z();
      break;
    case Shape::kSkill:
      z = static_cast<int32_t>((int64_t{reversed ? -person.z : person.z} * steady + int64_t{random.z()} * chance) /
                               1000);
      break;
  }
  const int64_t at = mean * kWhole / 1000 + ((int64_t{z} * deviation * (kWhole / 1000)) / kUnit);
  return static_cast<uint32_t>(std::clamp<int64_t>(at, 0, kWhole - 1));
}

Cell Draw::next(const Person& person, Random& random) const {
  if (null_permille != 0 && random.chance(null_permille)) return kNull;
  if (shape != Shape::kChoice) {
    if (zero_permille != 0 && random.chance(zero_permille)) return 0;
    return value_at(low, high, step, place(person, random));
  }
  if (choices.empty()) return kNull;
  if (up_to.empty()) return choices[random.below(static_cast<uint32_t>(choices.size()))];
  // Nearly every second time by ability, else by chance: the shares stay as they are.
  uint32_t at = best_first && random.chance(450) ? ~person.place : random.next32();
  at = static_cast<uint32_t>((uint64_t{at} * up_to.back()) >> 32);
  const auto choice = std::upper_bound(up_to.begin(), up_to.end(), at);
  return choices[static_cast<size_t>(choice - up_to.begin())];
}

}  // namespace kaogong::generate
