#include "engine/number/number.h"

#include <gtest/gtest.h>

#include <random>

namespace kaogong::number {
namespace {

constexpr Arithmetic kDecimal = Arithmetic::kDecimal128;
constexpr Arithmetic kExact = Arithmetic::kExact;

Number n(std::string_view text, Arithmetic arithmetic = kExact) {
  const std::optional<Number> number = Number::parse(text, arithmetic);
  EXPECT_TRUE(number.has_value()) << text;
  return number.value_or(Number());
}

std::string show(const NumberResult& result) {
  return result ? result.value.to_text() : std::string(to_string(result.error));
}

TEST(Number, ParsesAndWrites) {
  for (const auto& [in, out] : std::initializer_list<std::pair<const char*, const char*>>{
           {"0", "0"},
           {"-0", "0"},
           {"1.50", "1.5"},
           {"100", "100"},
           {"1e3", "1000"},
           {"1.5E-3", "0.0015"},
           {".5", "0.5"},
           {"5.", "5"},
           {"-12.340", "-12.34"},
           {"+7", "7"},
           {"0.000", "0"},
           {"00012", "12"},
           {"1e-6176", ""},
           {"123456789012345678901234567890.1234", "123456789012345678901234567890.1234"}}) {
    if (*out != '\0') {
      EXPECT_EQ(n(in).to_text(), out);
    }
    EXPECT_TRUE(Number::parse(in).has_value());
  }
  for (const char* bad :
       {"", "-", ".", "e5", "1e", "1e+", "1.2.3", "1x", " 1", "1 ", "0x10", "NaN", "Infinity", "1e9999999999"}) {
    EXPECT_FALSE(Number::parse(bad).has_value()) << bad;
    EXPECT_FALSE(Number::parse(bad, kExact).has_value()) << bad;
  }
  EXPECT_EQ(n("1.005").to_text(2), "1.01");
  EXPECT_EQ(n("-1.005").to_text(2), "-1.01");
  EXPECT_EQ(n("3").to_text(4), "3.0000");
  EXPECT_EQ(Number(INT64_MIN).to_text(), "-9223372036854775808");
  EXPECT_EQ(n("0.0082").decimals(), 4);
}

TEST(Number, RoundsTextBeyond34DigitsOnlyInDecimal) {
  const char* text = "1.00000000000000000000000000000000005";
  EXPECT_EQ(n(text, kDecimal).to_text(), "1");
  EXPECT_TRUE(n(text, kExact) > Number(1));
}

TEST(Number, AddsExactlyWhereDecimalRounds) {
  const Number big = n("1e33"), small = n("0.05");
  EXPECT_EQ(show(add(big, small, kDecimal)), "1000000000000000000000000000000000");
  const NumberResult sum = add(big, small, kExact);
  EXPECT_EQ(show(subtract(sum.value, big, kExact)), "0.05");
}

TEST(Number, DividesExactly) {
  const NumberResult third = divide(Number(1), Number(3), kExact);
  EXPECT_FALSE(third.value.is_decimal());
  EXPECT_EQ(show(multiply(third.value, Number(3), kExact)), "1");
  EXPECT_TRUE(multiply(third.value, Number(3), kExact).value.is_decimal());
  EXPECT_EQ(show(divide(Number(1), Number(3), kDecimal)), "0.3333333333333333333333333333333333");
  EXPECT_EQ(show(divide(Number(2), Number(3), kDecimal)), "0.6666666666666666666666666666666667");
  EXPECT_EQ(third.value.to_text(), "0.3333333333333333333333333333333333");
  EXPECT_EQ(show(round(third.value, 2, Rounding::kHalfUp)), "0.33");
  EXPECT_EQ(show(round(negate(third.value), 2, Rounding::kFloor)), "-0.34");
  EXPECT_EQ(show(divide(Number(1), Number(), kExact)), "division by zero");
  // 0.005 * 3 / 3 is exactly half a fen.
  const NumberResult half_fen = multiply(divide(n("0.005"), Number(3), kExact).value, Number(3), kExact);
  EXPECT_EQ(show(round(half_fen.value, 2, Rounding::kHalfUp)), "0.01");
}

TEST(Number, BoundsFractions) {
  NumberResult value = divide(Number(1), Number(3), kExact);
  int steps = 0;
  while (value && steps < 100) {
    value = multiply(value.value, value.value, kExact);
    ++steps;
  }
  EXPECT_EQ(value.error, NumberError::kOutOfRange);
  EXPECT_LT(steps, 20);
  EXPECT_EQ(power(Number(3), Number(1000000000), kExact).error, NumberError::kOutOfRange);
  EXPECT_EQ(power(Number(3), Number(1000000000), kDecimal).error, NumberError::kOutOfRange);
  EXPECT_EQ(show(power(Number(-1), Number(1000000001), kExact)), "-1");
}

TEST(Number, RoundsInEveryMode) {
  struct Case {
    const char* value;
    const char* half_up;
    const char* half_even;
    const char* half_down;
    const char* up;
    const char* down;
    const char* floor;
    const char* ceiling;
  };
  for (const Case& c : std::initializer_list<Case>{{"2.5", "3", "2", "2", "3", "2", "2", "3"},
                                                   {"-2.5", "-3", "-2", "-2", "-3", "-2", "-3", "-2"},
                                                   {"3.5", "4", "4", "3", "4", "3", "3", "4"},
                                                   {"1.1", "1", "1", "1", "2", "1", "1", "2"},
                                                   {"-1.1", "-1", "-1", "-1", "-2", "-1", "-2", "-1"},
                                                   {"0.4", "0", "0", "0", "1", "0", "0", "1"},
                                                   {"7", "7", "7", "7", "7", "7", "7", "7"}}) {
    EXPECT_EQ(show(round(n(c.value), 0, Rounding::kHalfUp)), c.half_up) << c.value;
    EXPECT_EQ(show(round(n(c.value), 0, Rounding::kHalfEven)), c.half_even) << c.value;
    EXPECT_EQ(show(round(n(c.value), 0, Rounding::kHalfDown)), c.half_down) << c.value;
    EXPECT_EQ(show(round(n(c.value), 0, Rounding::kUp)), c.up) << c.value;
    EXPECT_EQ(show(round(n(c.value), 0, Rounding::kDown)), c.down) << c.value;
    EXPECT_EQ(show(round(n(c.value), 0, Rounding::kFloor)), c.floor) << c.value;
    EXPECT_EQ(show(round(n(c.value), 0, Rounding::kCeiling)), c.ceiling) << c.value;
  }
  EXPECT_EQ(show(round(n("12345"), -2, Rounding::kHalfUp)), "12300");
  EXPECT_EQ(show(round(n("1e-100"), 2, Rounding::kUp)), "0.01");
  EXPECT_EQ(show(round(n("1e-100"), 2, Rounding::kHalfUp)), "0");
  EXPECT_EQ(show(round(n("9.999"), 2, Rounding::kHalfUp)), "10");
}

TEST(Number, ComparesByValue) {
  EXPECT_EQ(n("1.0"), n("1.00"));
  EXPECT_EQ(n("1.0").hash(), n("1").hash());
  EXPECT_LT(n("0.3333333333333333333333333333333333"), divide(Number(1), Number(3), kExact).value);
  EXPECT_GT(n("0.3333333333333333333333333333333334"), divide(Number(1), Number(3), kExact).value);
  const Number third = divide(Number(1), Number(3), kExact).value;
  EXPECT_GT(n("1e6000"), third);
  EXPECT_LT(n("-1e6000"), third);
  EXPECT_LT(n("1e-6000"), third);
  EXPECT_GT(n("1e-6000"), negate(third));
  EXPECT_GT(n("-1e-6000"), negate(third));
  EXPECT_LT(third, n("1e6000"));
}

TEST(Number, TakesPowersAndModulo) {
  EXPECT_EQ(show(power(Number(2), Number(10), kDecimal)), "1024");
  EXPECT_EQ(show(power(Number(2), Number(-2), kDecimal)), "0.25");
  EXPECT_EQ(show(power(Number(10), Number(2), kExact)), "100");
  EXPECT_EQ(show(power(Number(4), n("0.5"), kDecimal)), "2");
  EXPECT_EQ(show(power(Number(-4), n("0.5"), kDecimal)), "not defined for this number");
  EXPECT_EQ(show(power(Number(0), Number(0), kDecimal)), "1");
  EXPECT_EQ(show(modulo(Number(12), Number(5), kDecimal)), "2");
  EXPECT_EQ(show(modulo(Number(-12), Number(5), kDecimal)), "3");
  EXPECT_EQ(show(modulo(Number(12), Number(-5), kDecimal)), "-3");
  EXPECT_EQ(show(modulo(n("10.1"), n("4.5"), kDecimal)), "1.1");
  EXPECT_EQ(show(modulo(n("-10.1"), n("4.5"), kDecimal)), "3.4");
}

TEST(Number, ComputesRootsAndLogarithms) {
  EXPECT_EQ(show(square_root(Number(16))), "4");
  EXPECT_EQ(show(square_root(Number(-1))), "not defined for this number");
  EXPECT_EQ(show(square_root(Number(2))), "1.414213562373095048801688724209698");
  EXPECT_EQ(show(exponential(Number(0))), "1");
  EXPECT_EQ(show(logarithm(Number(1))), "0");
  EXPECT_EQ(show(logarithm(Number(0))), "not defined for this number");
}

TEST(Number, ConvertsToScaledIntegers) {
  EXPECT_TRUE(n("12.34").to_scaled(2) == static_cast<__int128>(1234));
  EXPECT_TRUE(n("12.34").to_scaled(4) == static_cast<__int128>(123400));
  EXPECT_FALSE(n("12.345").to_scaled(2).has_value());
  EXPECT_FALSE(divide(Number(1), Number(3), kExact).value.to_scaled(6).has_value());
  EXPECT_EQ(Number::from_scaled(-5, 2).to_text(), "-0.05");
  const __int128 wide = static_cast<__int128>(INT64_MAX) * INT64_MAX;
  EXPECT_TRUE(Number::from_scaled(wide, 6).to_scaled(6) == wide);
  EXPECT_EQ(Number(42).to_int64(), 42);
  EXPECT_FALSE(n("4.2").to_int64().has_value());
}

TEST(Number, ExactArithmeticObeysTheLawsOfFields) {
  constexpr unsigned kSeed = 7;
  std::mt19937_64 random(kSeed);
  const auto any = [&] {
    const Number top =
        Number::from_scaled(static_cast<int64_t>(random()) >> (random() % 60), static_cast<int>(random() % 8));
    const Number bottom(static_cast<int64_t>(random() % 1000 + 1));
    return divide(top, bottom, kExact).value;
  };
  for (int i = 0; i < 500; ++i) {
    const Number a = any(), b = any(), c = any();
    const Number left = multiply(a, add(b, c, kExact).value, kExact).value;
    const Number right = add(multiply(a, b, kExact).value, multiply(a, c, kExact).value, kExact).value;
    ASSERT_EQ(left, right) << "seed " << kSeed;
    ASSERT_EQ(subtract(add(a, b, kExact).value, b, kExact).value, a);
    if (!b.is_zero()) {
      ASSERT_EQ(multiply(divide(a, b, kExact).value, b, kExact).value, a);
    }
    ASSERT_EQ(left.hash(), right.hash());
  }
}

}  // namespace
}  // namespace kaogong::number
