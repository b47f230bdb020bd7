#include "tenants/sheet/line_answer.h"

#include <utility>

#include "tenants/folder/reject.h"

namespace kaogong::tenants {

void LineAnswers::add(LineAnswer answer) {
  ++total_;
  if (list_.size() >= kLineAnswersMax) return;
  answer.employee = folder::printable(answer.employee, folder::kShownBytesMax);
  answer.value = folder::printable(answer.value, folder::kShownBytesMax);
  list_.push_back(std::move(answer));
}

}  // namespace kaogong::tenants
