// Definitions: decisions, computed columns, bands, tables.
#include <algorithm>

#include "engine/feel/civil.h"
#include "engine/feel/stack_use.h"
#include "engine/plan/binder.h"

namespace kaogong::plan {

using scheme::TypeName;

namespace {

// Decimal text to an integer of 10^-scale; *scale_out gets the text's own decimals where they are more.
Int parse_decimal(const std::string& text, int* decimals) {
  Int value = 0;
  *decimals = 0;
  bool negative = false, point = false;
  for (const char c : text) {
    if (c == '-') {
      negative = true;
    } else if (c == '.') {
      point = true;
    } else if (c >= '0' && c <= '9') {
      if (__builtin_mul_overflow(value, Int{10}, &value) || __builtin_add_overflow(value, Int{c - '0'}, &value))
        throw Unsupported{"a number of more than 128 bits"};
      *decimals += point;
    }
  }
  return negative ? -value : value;
}

Int parse_day(const std::string& text) {
  const int year = std::stoi(text.substr(0, 4)), month = std::stoi(text.substr(5, 2)),
            day = std::stoi(text.substr(8, 2));
  return feel::civil::days_from_civil<int64_t>(year, month, day);
}

}  // namespace

Binder::Binder(const BindInput& input) : in_(input), doc_(*input.document) {
  out_.graph = std::make_unique<Graph>();
  g_ = out_.graph.get();
  const auto index = [](const auto& list, auto* map) {
    for (uint32_t i = 0; i < list.size(); ++i) map->emplace(list[i].name, i);
  };
  index(doc_.decisions, &decision_index_);
  index(doc_.inputs, &input_index_);
  index(doc_.parameters, &parameter_index_);
  index(doc_.history, &history_index_);
  index(doc_.tables, &table_index_);
  index(doc_.groups, &group_index_);
  index(doc_.lookups, &lookup_index_);
  decision_state_.resize(doc_.decisions.size());
  out_.decisions.resize(doc_.decisions.size());
}

void Binder::report(scheme::Severity severity, const std::string& code, feel::Span span, const std::string& message,
                    const std::string& remedy) {
  scheme::Finding finding;
  finding.severity = severity;
  finding.code = code;
  finding.message = pack_site_ ? "in '" + pack_site_->name + "': " + message : message;
  finding.remedy = remedy;
  const scheme::Expression* expression = expression_;
  if (pack_site_) {
    expression = pack_site_->expression;
    span = pack_site_->span;
  }
  if (expression != nullptr) {
    finding.at = expression->at;
    const auto& text = expression->text;
    for (uint32_t i = 0; i < span.begin && i < text.size(); ++i) {
      if (text[i] == '\n') {
        ++finding.at.line;
        finding.at.column = 1;
      } else if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80) {
        ++finding.at.column;
      }
    }
  }
  for (const auto& other : out_.findings)
    if (other.code == finding.code && other.message == finding.message && other.at.line == finding.at.line &&
        other.at.column == finding.at.column)
      return;
  out_.findings.push_back(std::move(finding));
}

void Binder::report(const Wrong& wrong) {
  if (!wrong.code.empty()) report(scheme::Severity::kError, wrong.code, wrong.span, wrong.message, wrong.remedy);
}

Binder::Frame Binder::enter_definition(Domain domain) {
  Frame frame{std::move(scopes_),      path_,     std::move(facts_),  lenient_,   domain_, outer_path_,
              std::move(outer_facts_), gathered_, std::move(row_of_), stack_base_};
  scopes_.clear();
  row_of_.clear();
  if (domain.kind != Domain::Kind::kEmployee) row_of_.push_back(domain);
  facts_.clear();
  outer_path_ = nullptr;
  outer_facts_.clear();
  gathered_ = nullptr;
  scopes_.push_back({Scope::Kind::kEmployee, 0, {}, {}, 0});
  if (domain.kind == Domain::Kind::kTable) scopes_.push_back({Scope::Kind::kTable, domain.index, {}, {}, 0});
  if (domain.kind == Domain::Kind::kGroup) scopes_.push_back({Scope::Kind::kGroup, domain.index, {}, {}, 0});
  path_ = nullptr;
  lenient_ = false;
  domain_ = domain;
  if (stack_base_ == nullptr) stack_base_ = feel::stack_here();
  return frame;
}

void Binder::leave_definition(Frame frame) {
  scopes_ = std::move(frame.scopes);
  path_ = frame.path;
  facts_ = std::move(frame.facts);
  lenient_ = frame.lenient;
  domain_ = frame.domain;
  outer_path_ = frame.outer_path;
  outer_facts_ = std::move(frame.outer_facts);
  gathered_ = frame.gathered;
  row_of_ = std::move(frame.row_of);
  stack_base_ = frame.stack_base;
}

void Binder::check_depth(const scheme::Decision& decision) const {
  if (stack_base_ == nullptr || feel::stack_used(stack_base_, feel::stack_here()) <= kStackBytesMax) return;
  throw Wrong{
      "too-deep", {}, "'" + decision.name + "' is needed by too long a chain of definitions", "shorten the chain"};
}

Bound Binder::decision(uint32_t index) {
  const auto& decl = doc_.decisions[index];
  const auto named = [&] {
    if (gathered_ == nullptr || !out_.decisions[index].cohort) return;
    gathered_->cohort = true;
    if (out_.decisions[index].failed != nullptr) gather(out_.decisions[index].failed);
  };
  if (decision_state_[index] == State::kDone) {
    named();
    return out_.decisions[index].value;
  }
  if (decision_state_[index] == State::kFailed) throw Wrong{};  // said already
  if (decision_state_[index] == State::kBinding)
    throw Wrong{"cycle", {}, "'" + decl.name + "' depends on itself", "break the circle"};
  check_depth(decl);
  decision_state_[index] = State::kBinding;
  const auto* outer = expression_;
  Frame frame = enter_definition(kEmployees);
  const size_t failures = out_.failures.size();
  Gathered gathered;
  gathered_ = &gathered;
  Bound value;
  bool good = true;
  try {
    value = define(decl, true);
  } catch (const Wrong& wrong) {
    report(wrong);
    good = false;
  } catch (const Unsupported& unsupported) {
    out_.failures.resize(failures);
    out_.decisions[index].interpreted = true;
    out_.decisions[index].reason = unsupported.reason;
    lenient_ = false;
    path_ = outer_path_ = nullptr;
    facts_.clear();
    outer_facts_.clear();
    row_of_.clear();
    gathered_ = &gathered;
    gathered.conditions.clear();
    try {
      value = interpret(decl, index);
      gathered.conditions.clear();  // which of them it comes to is only seen when it is evaluated
    } catch (const Wrong& wrong) {
      report(wrong);
      good = false;
    }
  }
  leave_definition(std::move(frame));
  expression_ = outer;
  decision_state_[index] = good ? State::kDone : State::kFailed;
  if (!good) throw Wrong{};
  out_.decisions[index].value = value;
  out_.decisions[index].cohort = gathered.cohort;
  if (gathered.cohort) out_.decisions[index].failed = any_of_employee(gathered.conditions);
  named();
  return value;
}

void Binder::collect_names(const feel::Expr& expr, std::set<std::string>* names) const {
  using feel::ExprKind;
  const auto walk = [&](const feel::ExprPtr& e) {
    if (e) collect_names(*e, names);
  };
  switch (expr.kind) {
    case ExprKind::kName:
      names->insert(static_cast<const feel::NameRef&>(expr).name);
      break;
    case ExprKind::kList:
      for (const auto& e : static_cast<const feel::ListLiteral&>(expr).items) walk(e);
      break;
    case ExprKind::kContext:
      for (const auto& e : static_cast<const feel::ContextLiteral&>(expr).entries) walk(e.value);
      break;
    case ExprKind::kRange:
      walk(static_cast<const feel::RangeLiteral&>(expr).low);
      walk(static_cast<const feel::RangeLiteral&>(expr).high);
      break;
    case ExprKind::kNegate:
      walk(static_cast<const feel::Negate&>(expr).operand);
      break;
    case ExprKind::kBinary:
      walk(static_cast<const feel::Binary&>(expr).left);
      walk(static_cast<const feel::Binary&>(expr).right);
      break;
    case ExprKind::kBetween:
      walk(static_cast<const feel::Between&>(expr).value);
      walk(static_cast<const feel::Between&>(expr).low);
      walk(static_cast<const feel::Between&>(expr).high);
      break;
    case ExprKind::kIn:
      walk(static_cast<const feel::In&>(expr).value);
      for (const auto& t : static_cast<const feel::In&>(expr).tests) walk(t.operand);
      break;
    case ExprKind::kIf:
      walk(static_cast<const feel::If&>(expr).condition);
      walk(static_cast<const feel::If&>(expr).then_branch);
      walk(static_cast<const feel::If&>(expr).else_branch);
      break;
    case ExprKind::kFor:
    case ExprKind::kQuantified: {
      const auto& iterators = expr.kind == ExprKind::kFor ? static_cast<const feel::For&>(expr).iterators
                                                          : static_cast<const feel::Quantified&>(expr).iterators;
      for (const auto& i : iterators) {
        walk(i.domain);
        walk(i.range_end);
      }
      walk(expr.kind == ExprKind::kFor ? static_cast<const feel::For&>(expr).body
                                       : static_cast<const feel::Quantified&>(expr).condition);
      break;
    }
    case ExprKind::kFunction:
      walk(static_cast<const feel::FunctionLiteral&>(expr).body);
      break;
    case ExprKind::kCall:
      walk(static_cast<const feel::Call&>(expr).callee);
      for (const auto& a : static_cast<const feel::Call&>(expr).arguments) walk(a.value);
      break;
    case ExprKind::kPath:
      walk(static_cast<const feel::Path&>(expr).object);
      if (static_cast<const feel::Path&>(expr).object->kind == ExprKind::kName &&
          static_cast<const feel::NameRef&>(*static_cast<const feel::Path&>(expr).object).name == "this")
        names->insert(static_cast<const feel::Path&>(expr).name);
      break;
    case ExprKind::kFilter:
      walk(static_cast<const feel::Filter&>(expr).object);
      walk(static_cast<const feel::Filter&>(expr).predicate);
      break;
    case ExprKind::kInstanceOf:
      walk(static_cast<const feel::InstanceOf&>(expr).value);
      break;
    case ExprKind::kUnaryTests:
      for (const auto& t : static_cast<const feel::UnaryTests&>(expr).tests) walk(t.operand);
      break;
    default:
      break;
  }
}

void Binder::collect_names(const scheme::Decision& decision, std::set<std::string>* names) const {
  if (decision.expr) collect_names(*decision.expr.tree, names);
  if (decision.bands) collect_names(*decision.bands->of.tree, names);
  if (decision.table) {
    for (const auto& e : decision.table->inputs) collect_names(*e.tree, names);
    for (const auto& rule : decision.table->rules) {
      for (const auto& t : rule.tests) collect_names(*t, names);
      for (const auto& e : rule.results) collect_names(*e.tree, names);
    }
    for (const auto& e : decision.table->defaults) collect_names(*e.tree, names);
  }
}

Bound Binder::interpret(const scheme::Decision& decl, uint32_t index) {
  // All that it can read must be there first: decisions it names, and those that its tables' computed columns name.
  std::set<std::string> names;
  collect_names(decl, &names);
  for (std::set<std::string> seen; seen.size() < names.size();) {
    const std::set<std::string> round = names;
    for (const auto& n : round) {
      if (!seen.insert(n).second) continue;
      if (const auto t = table_index_.find(n); t != table_index_.end())
        for (const auto& c : doc_.tables[t->second].computed) collect_names(c, &names);
      if (const auto g = group_index_.find(n); g != group_index_.end()) {
        names.insert(doc_.groups[g->second].of);
        for (const auto& c : doc_.groups[g->second].computed) collect_names(c, &names);
      }
    }
  }
  static const std::set<std::string> kCohort{"rank",   "row_number", "total",      "average", "highest",
                                             "lowest", "headcount",  "percentile", "quota",   "share"};
  std::vector<Node*> after;
  for (const auto& n : names) {
    if (kCohort.contains(n) && !decision_index_.contains(n) && !input_index_.contains(n)) {
      out_.whole_by_reference = true;
      out_.uses_cohort = true;
    }
    if (const auto d = decision_index_.find(n); d != decision_index_.end() && d->second != index) {
      const Bound b = decision(d->second);
      if (gathered_ != nullptr) gathered_->cohort = gathered_->cohort || out_.decisions[d->second].cohort;
      if (b.num) after.push_back(b.num);
      if (b.valid) after.push_back(b.valid);
      if (Node* failed = out_.decisions[d->second].failed) after.push_back(failed);
    }
  }
  Bound result;
  Int low = INT64_MIN, high = INT64_MAX;
  Physical physical = Physical::kI64;
  switch (decl.type.name) {
    case TypeName::kString:
      result.kind = Bound::Kind::kString;
      if (decl.bands) {
        result.dictionary = labels_of(decl);
      } else {
        result.dictionary = std::make_shared<column::Dictionary>(decl.type.values);
        if (decl.type.values.empty()) growing_.insert(result.dictionary.get());
      }
      low = 0;
      high = INT32_MAX;
      physical = Physical::kI32;
      break;
    case TypeName::kBoolean:
      result.kind = Bound::Kind::kBoolean;
      low = 0;
      high = 1;
      physical = Physical::kI8;
      break;
    case TypeName::kDate:
      result.kind = Bound::Kind::kDate;
      low = -719162;
      high = 2932896;
      physical = Physical::kI32;
      break;
    default:
      result.kind = Bound::Kind::kNumber;
      result.scale = decl.type.scale;
  }
  result.num = g_->interpreted(index, after, low, high, physical, 0);
  if (decl.type.nullable) result.valid = g_->interpreted(index, after, 0, 1, Physical::kI8, 1);
  return result;
}

Bound Binder::computed(Domain rows, uint32_t index) {
  const auto key = std::pair{domain_key(rows), index};
  const auto named = [&] {
    if (gathered_ == nullptr) return;
    const Gathered& own = computed_gathered_[key];
    if (!own.cohort) return;
    gathered_->cohort = true;
    for (Node* condition : own.conditions) gather(condition);
  };
  if (const auto found = computed_.find(key); found != computed_.end()) {
    named();
    return found->second;
  }
  const auto& decl = rows.kind == Domain::Kind::kTable ? doc_.tables[rows.index].computed[index]
                                                       : doc_.groups[rows.index].computed[index];
  if (const auto found = unsupported_.find(key); found != unsupported_.end()) throw Unsupported{found->second};
  check_depth(decl);
  if (!computing_.insert(key).second)
    throw Wrong{"cycle", {}, "'" + decl.name + "' depends on itself", "break the circle"};
  const auto* outer = expression_;
  Frame frame = enter_definition(rows);
  Gathered gathered;
  gathered_ = &gathered;
  Bound value;
  try {
    value = define(decl, false);
  } catch (const Unsupported& unsupported) {
    leave_definition(std::move(frame));
    computing_.erase(key);
    unsupported_[key] = unsupported.reason;
    throw;
  } catch (...) {
    leave_definition(std::move(frame));
    computing_.erase(key);
    throw;
  }
  leave_definition(std::move(frame));
  expression_ = outer;
  computing_.erase(key);
  computed_[key] = value;
  computed_gathered_[key] = std::move(gathered);
  named();
  return value;
}

Bound Binder::define(const scheme::Decision& decl, bool) {
  Bound value;
  feel::Span span;
  if (decl.expr) {
    expression_ = &decl.expr;
    value = with_facts(bind(*decl.expr.tree));
    span = decl.expr.tree->span;
  } else if (decl.bands) {
    expression_ = &decl.bands->of;
    value = bands(decl);
  } else {
    value = table(decl);
  }
  return conform(std::move(value), decl, span);
}

Bound Binder::rounded(const Bound& value, const scheme::TypeDecl& type) {
  const int kept = type.kept_decimals();
  Node* num = value.num;
  const auto divide = [&](Node* numerator, Node* denominator) {
    if (type.rounding == scheme::Rounding::kHalfUp) return g_->divide(Op::kRoundDiv, numerator, denominator);
    // Up is away from zero, down is towards it.
    const bool up = type.rounding == scheme::Rounding::kUp;
    Node* above = g_->divide(up ? Op::kCeilDiv : Op::kFloorDiv, numerator, denominator);
    if (numerator->low >= 0) return above;
    Node* below = g_->divide(up ? Op::kFloorDiv : Op::kCeilDiv, numerator, denominator);
    return g_->select(g_->compare(Op::kLt, numerator, g_->constant(0)), below, above);
  };
  if (value.den == nullptr) {
    num = value.scale <= kept ? g_->scale(num, power_of_ten(kept - value.scale))
                              : divide(num, g_->constant(power_of_ten(value.scale - kept)));
  } else if (value.scale <= kept) {
    num = divide(g_->scale(num, power_of_ten(kept - value.scale)), value.den);
  } else {
    num = divide(num, g_->scale(value.den, power_of_ten(value.scale - kept)));
  }
  Bound result = number(g_->scale(num, power_of_ten(type.scale - kept)), type.scale);
  result.valid = value.valid;
  return result;
}

Bound Binder::conform(Bound value, const scheme::Named& decl, feel::Span span) {
  const auto& type = decl.type;
  const auto wrong_type = [&](const char* is) {
    throw Wrong{"type-clash", span,
                "'" + decl.name + "' is declared as another type than its expression, which is " + is,
                "correct the type or the expression"};
  };
  Bound::Kind want = Bound::Kind::kNumber;
  if (type.name == TypeName::kString) want = Bound::Kind::kString;
  if (type.name == TypeName::kBoolean) want = Bound::Kind::kBoolean;
  if (type.name == TypeName::kDate) want = Bound::Kind::kDate;
  if (value.kind == Bound::Kind::kNull) {
    value.kind = want;
    value.num = g_->constant(0);
    value.valid = g_->constant(0);
    if (want == Bound::Kind::kString) value.dictionary = literal_dictionary("");
  }
  if (value.kind == Bound::Kind::kList || value.kind == Bound::Kind::kChildList ||
      value.kind == Bound::Kind::kLookupRow || value.kind == Bound::Kind::kChildRow)
    wrong_type("a list or a row");
  if (value.kind != want)
    wrong_type(value.kind == Bound::Kind::kNumber   ? "a number"
               : value.kind == Bound::Kind::kString ? "a string"
                                                    : "of another kind");
  if (value.valid != nullptr && !type.nullable && type.name != TypeName::kExact) {
    if (in_.check_only)
      throw Wrong{"possible-null", span, "'" + decl.name + "' may be null, its type is not nullable",
                  "declare it nullable (`type: …?`), or give a value for every case"};
    fail(g_->logical_not(value.valid));
    value.valid = nullptr;
  }
  if (want == Bound::Kind::kNumber && type.name != TypeName::kExact) {
    const int kept = type.kept_decimals();
    const auto bounds = bounds_of(value, static_cast<uint8_t>(kept));
    const bool fraction = value.den != nullptr;
    value = rounded(value, type);
    // A quotient may be known to be small where its parts are not.
    if (fraction && bounds && (in_.check_only || value.num->low < INT64_MIN || value.num->high > INT64_MAX)) {
      const Int factor = power_of_ten(type.scale - kept);
      Int low = 0, high = 0;
      if (!__builtin_mul_overflow(bounds->first, factor, &low) &&
          !__builtin_mul_overflow(bounds->second, factor, &high))
        value.num = g_->narrow(value.num, low, high);
    }
    if (value.num->low < INT64_MIN || value.num->high > INT64_MAX) {
      if (in_.check_only)
        report(scheme::Severity::kWarning, "overflow-possible", span,
               "'" + decl.name + "' can be larger than its type can hold, given the bounds of what it is made of",
               "bound that with min and max; a row that overflows is refused");
      fail(g_->compare(Op::kLt, value.num, g_->constant(INT64_MIN)));
      fail(g_->compare(Op::kGt, value.num, g_->constant(INT64_MAX)));
      value.num = g_->narrow(value.num, INT64_MIN, INT64_MAX);
    }
    const auto bound = [&](Op op, const std::optional<int64_t>& limit) {
      if (!limit) return;
      Node* outside = g_->compare(op, value.num, g_->constant(*limit));
      fail(g_->logical_and(value.valid, outside));
    };
    bound(Op::kLt, type.min);
    bound(Op::kGt, type.max);
    // Whoever reads it is checked for what it can sensibly be: one warning a cause.
    if (in_.check_only) value.num = g_->narrow(value.num, NaturalBounds::least(type), NaturalBounds::most(type));
  }
  if (want == Bound::Kind::kString && !type.values.empty()) {
    auto& dictionary = decision_dictionaries_[&decl];
    if (!dictionary) dictionary = std::make_shared<column::Dictionary>(type.values);
    if (in_.check_only && value.num->op != Op::kConst) {  // any of them, whatever is known of the text
      auto& any = any_value_[&decl];
      if (any == nullptr) any = &out_.owned_columns.emplace_back();
      value.num = g_->load(any, kEmployees, 0, static_cast<Int>(type.values.size()) - 1);
      value.dictionary = dictionary;
      return value;
    }
    Node* codes = align_string(value, dictionary);
    Node* strange = g_->compare(Op::kLt, codes, g_->constant(0));
    fail(g_->logical_and(value.valid, strange));
    value.num = g_->max(codes, g_->constant(0));
    value.dictionary = dictionary;
  }
  return value;
}

Bound Binder::literal(const scheme::TypeDecl& type, const std::string& text) {
  if (text.empty()) return {};
  Bound b;
  switch (type.name) {
    case TypeName::kString:
      b.kind = Bound::Kind::kString;
      b.num = g_->constant(0);
      b.dictionary = literal_dictionary(text);
      return b;
    case TypeName::kBoolean:
      return boolean(g_->constant(text == "true"));
    case TypeName::kDate:
      b.kind = Bound::Kind::kDate;
      b.num = g_->constant(parse_day(text));
      return b;
    default: {
      int decimals = 0;
      const Int value = parse_decimal(text, &decimals);
      return number(g_->constant(value), static_cast<uint8_t>(decimals));
    }
  }
}

DictionaryPtr Binder::labels_of(const scheme::Decision& decl) {
  auto& dictionary = decision_dictionaries_[&decl];
  if (dictionary) return dictionary;
  dictionary = std::make_shared<column::Dictionary>(decl.type.values);
  for (const auto& row : decl.bands->rows)
    if (!row.value.empty()) dictionary->insert(row.value);
  if (const auto& otherwise = decl.bands->otherwise; otherwise && !otherwise->empty()) dictionary->insert(*otherwise);
  return dictionary;
}

Bound Binder::bands(const scheme::Decision& decl) {
  const auto& bands = *decl.bands;
  Bound of = with_facts(bind(*bands.of.tree));
  if (of.kind == Bound::Kind::kNull) return {};
  if (of.kind != Bound::Kind::kNumber && of.kind != Bound::Kind::kDate)
    throw Wrong{"type-clash", bands.of.tree->span, "bands of something that is neither a number nor a date",
                "use a table"};
  using Kind = scheme::Bands::Kind;
  const bool downwards = bands.kind == Kind::kAtLeast || bands.kind == Kind::kAbove;
  // Bounds and the value at one scale; then count the bounds that the value has reached.
  int scale = of.scale;
  std::vector<std::pair<Int, int>> bounds;
  for (const auto& row : bands.rows) {
    int decimals = 0;
    const Int bound = of.kind == Bound::Kind::kDate ? parse_day(row.bound) : parse_decimal(row.bound, &decimals);
    bounds.emplace_back(bound, decimals);
    scale = std::max(scale, decimals);
  }
  std::vector<size_t> order(bands.rows.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = i;
  for (auto& [bound, decimals] : bounds) bound = times_power_of_ten(bound, scale - decimals);
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return bounds[a].first < bounds[b].first; });

  Node* index = nullptr;
  Node* x = g_->scale(of.num, power_of_ten(scale - of.scale));
  if (of.den == nullptr) {
    std::vector<Int> thresholds;
    // x > b is x >= b + 1 for whole numbers of the scale.
    const Int open = bands.kind == Kind::kAbove || bands.kind == Kind::kUpTo ? 1 : 0;
    for (const size_t i : order) thresholds.push_back(bounds[i].first + open);
    index = g_->band(x, std::move(thresholds));
  } else {
    index = g_->constant(0);
    for (const size_t i : order) {
      Node* limit = g_->mul(of.den, g_->constant(bounds[i].first));
      index = g_->add(
          index, g_->compare(bands.kind == Kind::kAbove || bands.kind == Kind::kUpTo ? Op::kGt : Op::kGe, x, limit));
    }
  }
  // Which value an index means: downwards, index k is the k-th lowest bound's; upwards, the next bound's above.
  std::vector<std::optional<std::string>> values;
  if (downwards) values.push_back(bands.otherwise);
  for (const size_t i : order) values.push_back(bands.rows[i].value);
  if (!downwards) values.push_back(bands.otherwise);
  std::vector<Int> table, valid;
  uint8_t value_scale = 0;
  std::vector<Bound> literals;
  bool nulls = false;
  Bound result;
  result.kind = decl.type.name == TypeName::kString    ? Bound::Kind::kString
                : decl.type.name == TypeName::kBoolean ? Bound::Kind::kBoolean
                : decl.type.name == TypeName::kDate    ? Bound::Kind::kDate
                                                       : Bound::Kind::kNumber;
  for (const auto& v : values) {
    literals.push_back(v ? literal(decl.type, *v) : Bound{});
    value_scale = std::max(value_scale, literals.back().scale);
  }
  if (result.kind == Bound::Kind::kString) {
    result.dictionary = labels_of(decl);
  }
  std::vector<Int> missing;
  bool gap = false;
  for (size_t i = 0; i < values.size(); ++i) {
    const Bound& l = literals[i];
    const bool is_null = l.kind == Bound::Kind::kNull;
    nulls = nulls || (is_null && values[i]);
    gap = gap || !values[i];
    missing.push_back(!values[i]);
    valid.push_back(!is_null);
    table.push_back(is_null                               ? 0
                    : result.kind == Bound::Kind::kString ? Int{result.dictionary->find(*values[i])}
                                                          : times_power_of_ten(l.num->constant, value_scale - l.scale));
  }
  result.scale = value_scale;
  if (gap) {
    Node* none = g_->gather(index, std::move(missing));
    fail(g_->logical_and(of.valid, none));
  }
  result.valid = of.valid;
  if (nulls) result.valid = g_->logical_and(of.valid, g_->gather(index, std::move(valid)));
  result.num = g_->gather(index, std::move(table));
  return result;
}

Bound Binder::table(const scheme::Decision& decl) {
  const auto& table = *decl.table;
  static const std::set<std::string> kSingle{"U", "A", "F"}, kAggregated{"C+", "C#", "C<", "C>"};
  if (!kSingle.contains(table.hit) && !kAggregated.contains(table.hit)) throw Unsupported{"hit policy " + table.hit};
  std::vector<Bound> inputs;
  for (const auto& e : table.inputs) inputs.push_back(with_facts(bind_expression(e)));
  std::vector<Node*> conditions;
  Node* any = g_->constant(0);
  for (const auto& rule : table.rules) {
    Node* all = g_->constant(1);
    for (size_t i = 0; i < inputs.size(); ++i) all = g_->logical_and(all, tests_hold(*rule.tests[i], inputs[i]));
    conditions.push_back(all);
    any = g_->logical_or(any, all);
  }
  const auto result_of = [&](const scheme::Expression& e, Node* where) {
    const auto facts = facts_;
    Node* const path = path_;
    if (where != nullptr) {
      assume(where);
      path_ = g_->logical_and(path_, where);
    }
    Bound b = with_facts(bind_expression(e));
    facts_ = facts;
    path_ = path;
    return b;
  };
  if (kAggregated.contains(table.hit)) {
    Bound list;
    list.kind = Bound::Kind::kList;
    for (size_t r = 0; r < table.rules.size(); ++r)
      list.list.push_back({result_of(table.rules[r].results[decl.table_output], conditions[r]), conditions[r]});
    if (!table.defaults.empty()) throw Unsupported{"a collecting table with a default"};
    return aggregate_list(table.hit == "C+"   ? "sum"
                          : table.hit == "C#" ? "count"
                          : table.hit == "C<" ? "min"
                                              : "max",
                          list, {});
  }
  if (table.hit != "F") {
    std::vector<std::pair<Int, Node*>> matches;
    for (Node* c : conditions) matches.emplace_back(1, c);
    fail(g_->compare(Op::kGt, g_->linear(0, std::move(matches)), g_->constant(1)));
  }
  Bound result;
  if (!table.defaults.empty()) {
    result = result_of(table.defaults[decl.table_output], g_->logical_not(any));
  } else if (!decl.type.nullable) {
    fail(g_->logical_not(any));
  }
  bool first = table.defaults.empty() && !decl.type.nullable;  // nothing below the last rule
  for (size_t r = table.rules.size(); r-- > 0;) {
    Bound value = result_of(table.rules[r].results[decl.table_output], conditions[r]);
    result = first ? std::move(value) : select(conditions[r], std::move(value), std::move(result), {});
    first = false;
  }
  return result;
}

BoundScheme bind(const BindInput& input) { return Binder(input).run(); }

}  // namespace kaogong::plan
