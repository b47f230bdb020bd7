// Relations of points and ranges (OMG DMN 1.5, 10.3.4.9, table 78).
#include "engine/feel/builtins.h"
#include "engine/feel/compare.h"

namespace kaogong::feel {
namespace {

/// One side of a relation: a range, or a point as the closed range of itself.
struct Extent {
  Range range;
  bool point = false;
};

Extent extent_of(Arguments& arguments, size_t i, bool want_range) {
  const Value& value = arguments.scalar(i);
  if (value.is(ValueKind::kRange)) return {value.as_range(), false};
  if (want_range || value.is_null()) arguments.refuse(i, want_range ? "a range" : "a point or a range");
  Range range;
  range.low = range.high = value;
  return {range, true};
}

class Relation {
 public:
  Relation(Arguments& arguments, bool first_range, bool second_range)
      : arguments_(arguments), a_(extent_of(arguments, 0, first_range)), b_(extent_of(arguments, 1, second_range)) {}

  // The sign of each pair of ends; unbounded ends lie outside everything.
  int start_start(bool swap) const { return sign(first(swap).range, second(swap).range, true, true); }
  int end_end(bool swap) const { return sign(first(swap).range, second(swap).range, false, false); }
  int end_start(bool swap) const { return sign(first(swap).range, second(swap).range, false, true); }
  int start_end(bool swap) const { return sign(first(swap).range, second(swap).range, true, false); }
  const Range& range(bool swap) const { return first(swap).range; }
  const Range& other(bool swap) const { return second(swap).range; }
  const Extent& first(bool swap) const { return swap ? b_ : a_; }
  const Extent& second(bool swap) const { return swap ? a_ : b_; }

 private:
  int sign(const Range& a, const Range& b, bool a_start, bool b_start) const {
    const bool a_bound = a_start ? a.has_low : a.has_high;
    const bool b_bound = b_start ? b.has_low : b.has_high;
    if (!a_bound || !b_bound) {
      const int a_at = a_bound ? 0 : (a_start ? -1 : 1);
      const int b_at = b_bound ? 0 : (b_start ? -1 : 1);
      return a_at - b_at;
    }
    const auto order_of = order(a_start ? a.low : a.high, b_start ? b.low : b.high, arguments_.evaluator.zones());
    if (!order_of) arguments_.refuse("these do not compare");
    return *order_of < 0 ? -1 : (*order_of > 0 ? 1 : 0);
  }

  Arguments& arguments_;
  Extent a_, b_;
};

template <bool swap>
Value before(Arguments& arguments) {
  const Relation r(arguments, false, false);
  const int at = r.end_start(swap);
  return Value::boolean(at < 0 || (at == 0 && (!r.range(swap).high_closed || !r.other(swap).low_closed)));
}

template <bool swap>
Value meets(Arguments& arguments) {
  const Relation r(arguments, true, true);
  return Value::boolean(r.range(swap).high_closed && r.other(swap).low_closed && r.end_start(swap) == 0);
}

Value overlaps(Arguments& arguments) {
  const Relation r(arguments, true, true);
  const int end_start = r.end_start(false), start_end = r.start_end(false);
  const bool left = end_start > 0 || (end_start == 0 && r.range(false).high_closed && r.other(false).low_closed);
  const bool right = start_end < 0 || (start_end == 0 && r.range(false).low_closed && r.other(false).high_closed);
  return Value::boolean(left && right);
}

template <bool swap>
Value overlaps_before(Arguments& arguments) {
  const Relation r(arguments, true, true);
  const Range& a = r.range(swap);
  const Range& b = r.other(swap);
  const int start = r.start_start(swap), touch = r.end_start(swap), end = r.end_end(swap);
  const bool starts_earlier = start < 0 || (start == 0 && a.low_closed && !b.low_closed);
  const bool touches = touch > 0 || (touch == 0 && a.high_closed && b.low_closed);
  const bool ends_earlier = end < 0 || (end == 0 && (!a.high_closed || b.high_closed));
  return Value::boolean(starts_earlier && touches && ends_earlier);
}

/// Whether `first` ends where `second` ends and starts no earlier (finishes), or is a point at its closed end.
template <bool swap>
Value finishes(Arguments& arguments) {
  const Relation r(arguments, swap, !swap);
  const Range& a = r.range(swap);
  const Range& b = r.other(swap);
  if (r.end_end(swap) != 0) return Value::boolean(false);
  if (r.first(swap).point) return Value::boolean(b.high_closed);
  const int start = r.start_start(swap);
  return Value::boolean(a.high_closed == b.high_closed &&
                        (start > 0 || (start == 0 && (!a.low_closed || b.low_closed))));
}

template <bool swap>
Value starts(Arguments& arguments) {
  const Relation r(arguments, swap, !swap);
  const Range& a = r.range(swap);
  const Range& b = r.other(swap);
  if (r.start_start(swap) != 0) return Value::boolean(false);
  if (r.first(swap).point) return Value::boolean(b.low_closed);
  const int end = r.end_end(swap);
  return Value::boolean(a.low_closed == b.low_closed && (end < 0 || (end == 0 && (!a.high_closed || b.high_closed))));
}

template <bool swap>
Value includes(Arguments& arguments) {
  const Relation r(arguments, !swap, swap);
  const Range& a = r.range(swap);
  const Range& b = r.other(swap);
  const int start = r.start_start(swap), end = r.end_end(swap);
  return Value::boolean((start < 0 || (start == 0 && (a.low_closed || !b.low_closed))) &&
                        (end > 0 || (end == 0 && (a.high_closed || !b.high_closed))));
}

Value coincides(Arguments& arguments) {
  const Relation r(arguments, false, false);
  if (r.first(false).point != r.second(false).point) arguments.refuse("a point and a range");
  const Range& a = r.range(false);
  const Range& b = r.other(false);
  return Value::boolean(r.start_start(false) == 0 && r.end_end(false) == 0 && a.low_closed == b.low_closed &&
                        a.high_closed == b.high_closed);
}

void add_relation(BuiltinTable& table, std::string_view name, BuiltinRun run) {
  for (const char* parameters : {"range1,range2", "point1,point2", "point,range", "range,point", "value1,value2"}) {
    table.add(name, parameters, run);
  }
}

}  // namespace

void add_range_builtins(BuiltinTable& table) {
  add_relation(table, "before", before<false>);
  add_relation(table, "after", before<true>);
  add_relation(table, "meets", meets<false>);
  add_relation(table, "met by", meets<true>);
  add_relation(table, "overlaps", overlaps);
  add_relation(table, "overlaps before", overlaps_before<false>);
  add_relation(table, "overlaps after", overlaps_before<true>);
  add_relation(table, "finishes", finishes<false>);
  add_relation(table, "finished by", finishes<true>);
  add_relation(table, "includes", includes<false>);
  add_relation(table, "during", includes<true>);
  add_relation(table, "starts", starts<false>);
  add_relation(table, "started by", starts<true>);
  add_relation(table, "coincides", coincides);
}

}  // namespace kaogong::feel
