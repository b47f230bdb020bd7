#include "tenants/people/department_tree.h"

#include <algorithm>
#include <set>

namespace kaogong::tenants {

DepartmentTree::DepartmentTree(const std::vector<DepartmentVersion>& versions) {
  for (const auto& version : versions) departments_[version.code][version.valid_from] = version;
}

const DepartmentVersion* DepartmentTree::find(std::string_view code, Day day) const {
  const auto found = departments_.find(code);
  if (found == departments_.end()) return nullptr;
  const auto after = found->second.upper_bound(day);
  if (after == found->second.begin()) return nullptr;
  const auto& version = std::prev(after)->second;
  return version.closed ? nullptr : &version;
}

std::vector<DepartmentVersion> DepartmentTree::open_on(Day day) const {
  std::vector<DepartmentVersion> open;
  for (const auto& [code, versions] : departments_) {
    if (const auto* version = find(code, day)) open.push_back(*version);
  }
  return open;
}

std::vector<std::string> DepartmentTree::with_descendants(std::string_view code, Day day) const {
  std::multimap<std::string, std::string> children;
  for (const auto& version : open_on(day)) children.emplace(version.parent, version.code);
  std::set<std::string> found;
  std::vector<std::string> next;
  if (find(code, day) != nullptr) next.emplace_back(code);
  while (!next.empty()) {
    const std::string at = std::move(next.back());
    next.pop_back();
    if (!found.insert(at).second) continue;
    const auto [begin, end] = children.equal_range(at);
    for (auto child = begin; child != end; ++child) next.push_back(child->second);
  }
  return {found.begin(), found.end()};
}

std::vector<std::string> DepartmentTree::path(std::string_view code, Day day) const {
  std::vector<std::string> up;
  for (const auto* at = find(code, day); at != nullptr && up.size() < kDepartmentDepthMax; at = find(at->parent, day)) {
    up.push_back(at->code);
    if (at->parent.empty()) break;
  }
  return up;
}

std::optional<DepartmentTree::Fault> DepartmentTree::fault_on(Day day) const {
  std::map<std::string, size_t, std::less<>> levels;  // of those whose way to a root is known; a root has 1
  for (const auto& version : open_on(day)) {
    std::vector<const DepartmentVersion*> way;
    std::set<std::string, std::less<>> seen;
    size_t level = 0;
    for (const auto* at = &version;;) {
      if (const auto known = levels.find(at->code); known != levels.end()) {
        level = known->second;
        break;
      }
      if (!seen.insert(at->code).second) return Fault{version.code, day, "it would be above itself"};
      way.push_back(at);
      if (at->parent.empty()) break;
      const auto* parent = find(at->parent, day);
      if (parent == nullptr) return Fault{at->code, day, "there is no department " + at->parent + " above it"};
      at = parent;
    }
    for (auto at = way.rbegin(); at != way.rend(); ++at) levels[(*at)->code] = ++level;
    if (level > kDepartmentDepthMax)
      return Fault{version.code, day, "there would be more than " + std::to_string(kDepartmentDepthMax) + " levels"};
  }
  return std::nullopt;
}

std::optional<DepartmentTree::Fault> DepartmentTree::fault_from(Day from) const {
  std::set<Day> days = {from};
  for (const auto& [code, versions] : departments_) {
    for (auto at = versions.upper_bound(from); at != versions.end(); ++at) days.insert(at->first);
  }
  for (const Day day : days) {
    if (auto fault = fault_on(day)) return fault;
  }
  return std::nullopt;
}

}  // namespace kaogong::tenants
