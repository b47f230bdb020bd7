// Why a row cannot be computed: what evaluation throws inside this room, and its wording.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "engine/feel/value.h"
#include "engine/scheme/document.h"

namespace kaogong::reference {

/// A fault that knows more than the place where it is noticed: empty parts are that place's.
struct Refusal {
  scheme::Labels error;
  std::string column, value;
  std::string file;   // empty: where the value was being computed
  uint32_t line = 0;  // counts only with `file`
};

/// Something that this depends on has failed (and has its own fault), or is not known yet.
struct Blocked {};

/// The fault for an evaluator's message, worded in both languages.
scheme::Labels worded(const std::string& message);

/// Stands in for the values of a faulty lookup row where whole lookups are read: whoever takes one is refused.
class Poison final : public feel::Function {
 public:
  explicit Poison(Refusal refusal) : refusal_(std::move(refusal)) {}
  feel::Value invoke(feel::Evaluator&, feel::CallArguments, feel::Span) const override { throw refusal_; }
  const Refusal& refusal() const { return refusal_; }

 private:
  Refusal refusal_;
};

/// Throws the refusal of a poisoned value.
void refuse_poison(const feel::Value& value);

}  // namespace kaogong::reference
