#include "engine/scheme/check/cover.h"

#include <map>

namespace kaogong::scheme {
namespace {

class Search {
 public:
  Search(const std::vector<TableInput>& inputs, const Box& within, const std::vector<Box>& covering, Budget& budget,
         const std::function<bool(const std::vector<std::vector<uint32_t>>&)>& found)
      : inputs_(inputs), within_(within), covering_(covering), budget_(budget), found_(found) {
    // From which input on a box leaves nothing of `within` out.
    for (const Box& box : covering) {
      size_t from = inputs.size();
      while (from > 0 && box[from - 1]->covers(*within[from - 1])) --from;
      covers_from_.push_back(from);
    }
  }

  void run() {
    std::vector<uint32_t> all(covering_.size());
    for (uint32_t i = 0; i < all.size(); ++i) all[i] = i;
    budget_.take(all.size() + 1);
    visit(0, all);
  }

 private:
  // False: stop.
  bool visit(size_t column, const std::vector<uint32_t>& active) {
    for (const uint32_t i : active) {
      if (covers_from_[i] <= column) return true;
    }
    if (column == inputs_.size()) return found_(chosen_);
    // Cells that the same rules cover are one case.
    std::map<std::vector<uint32_t>, std::vector<uint32_t>> cases;
    const CellSet& cells = *within_[column];
    for (uint32_t cell = 0; cell < inputs_[column].cells.size(); ++cell) {
      if (!cells.has(cell)) continue;
      budget_.take(active.size() + 1);
      if (budget_.spent()) return false;
      std::vector<uint32_t> still;
      for (const uint32_t i : active) {
        if (covering_[i][column]->has(cell)) still.push_back(i);
      }
      cases[std::move(still)].push_back(cell);
    }
    for (const auto& [still, same] : cases) {
      chosen_.push_back(same);
      const bool go_on = visit(column + 1, still);
      chosen_.pop_back();
      if (!go_on) return false;
    }
    return true;
  }

  const std::vector<TableInput>& inputs_;
  const Box& within_;
  const std::vector<Box>& covering_;
  Budget& budget_;
  const std::function<bool(const std::vector<std::vector<uint32_t>>&)>& found_;
  std::vector<size_t> covers_from_;
  std::vector<std::vector<uint32_t>> chosen_;
};

}  // namespace

void find_uncovered(const std::vector<TableInput>& inputs, const Box& within, const std::vector<Box>& covering,
                    Budget& budget, const std::function<bool(const std::vector<std::vector<uint32_t>>&)>& found) {
  Search(inputs, within, covering, budget, found).run();
}

}  // namespace kaogong::scheme
