#include "tenants/folder/employee_index.h"

#include <cstring>

namespace kaogong::folder {

namespace {

uint64_t mixed(uint64_t a, uint64_t b) {
  const auto product = static_cast<unsigned __int128>(a) * b;
  return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
}

uint8_t tag_of(uint64_t hash) { return static_cast<uint8_t>(hash >> 56); }

}  // namespace

uint64_t hash_of(std::string_view text) {
  constexpr uint64_t kA = 0xa0761d6478bd642fULL, kB = 0xe7037ed1a0b428dbULL;
  uint64_t hash = kA ^ text.size();
  const char* p = text.data();
  size_t left = text.size();
  for (; left >= 8; p += 8, left -= 8) {
    uint64_t word = 0;
    std::memcpy(&word, p, 8);
    hash = mixed(hash ^ word, kB);
  }
  uint64_t tail = 0;
  for (size_t i = 0; i < left; ++i) tail = tail << 8 | static_cast<unsigned char>(p[i]);
  return mixed(hash ^ tail ^ kB, kA);
}

void EmployeeIndex::reserve(size_t count) {
  size_t slots = 16;
  while (slots * 7 < count * 10) slots *= 2;
  if (slots > slots_.size()) rehash(slots);
}

void EmployeeIndex::rehash(size_t slots) {
  const std::vector<uint32_t> old = std::move(slots_);
  slots_.assign(slots, 0);
  tags_.assign(slots, 0);
  for (const uint32_t entry : old) {
    if (entry == 0) continue;
    const uint64_t hash = hash_of(ids_[entry - 1]);
    size_t slot = hash & (slots - 1);
    while (slots_[slot] != 0) slot = (slot + 1) & (slots - 1);
    slots_[slot] = entry;
    tags_[slot] = tag_of(hash);
  }
}

uint32_t EmployeeIndex::insert(uint32_t row, uint64_t hash) {
  if ((size_ + 1) * 10 > slots_.size() * 7) reserve(2 * size_ + 16);
  const size_t mask = slots_.size() - 1;
  size_t slot = hash & mask;
  for (; slots_[slot] != 0; slot = (slot + 1) & mask)
    if (tags_[slot] == tag_of(hash) && ids_[slots_[slot] - 1] == ids_[row]) return slots_[slot] - 1;
  slots_[slot] = row + 1;
  tags_[slot] = tag_of(hash);
  ++size_;
  return row;
}

uint32_t EmployeeIndex::find(std::string_view id, uint64_t hash) const {
  if (slots_.empty()) return kAbsent;
  const size_t mask = slots_.size() - 1;
  for (size_t slot = hash & mask; slots_[slot] != 0; slot = (slot + 1) & mask)
    if (tags_[slot] == tag_of(hash) && ids_[slots_[slot] - 1] == id) return slots_[slot] - 1;
  return kAbsent;
}

}  // namespace kaogong::folder
