// Streamed bodies that come packed, to every route that takes them: whole, cut, corrupted, and far too large when
// unpacked.
#include <string>

#include "gateway/http/coding.h"
#include "tests/gateway/api/table/streamed.h"

namespace kaogong::api::test {
namespace {

using http::Coding;

constexpr Coding kCodings[] = {Coding::kGzip, Coding::kZstd};

std::string packed(Coding coding, std::string_view bytes) {
  std::string out;
  http::Encoder encoder(coding);
  encoder.put(bytes, &out);
  encoder.finish(&out);
  return out;
}

class PackedLines : public StreamedTest {
 protected:
  http::Response put_packed(const Sample& sample, std::string_view coding, std::string bytes,
                            std::string_view type = kNdjson) {
    return put(sample, std::move(bytes), type, {{"content-encoding", std::string(coding)}});
  }
  void TearDown() override {
    if (!stores_nothing) return;
    EXPECT_EQ(count("people"), "0");
    EXPECT_EQ(count("entries"), "0");
  }
  bool stores_nothing = true;
};

TEST_F(PackedLines, AreReadAsTheyAreUnpacked) {
  stores_nothing = false;
  for (const auto& sample : streamed) {
    const auto lines = lines_of(sample.lines);
    const auto table = csv_of(lines);
    const std::string csv = table.header + "\n" + table.first + "\n" + table.second + "\n";
    const auto plain = put(sample, sample.lines, kNdjson);
    ASSERT_EQ(refused(plain, "plain"), Lines());
    for (const auto coding : kCodings) {
      const auto name = http::to_text(coding);
      const std::string what = std::string(sample.route->operation_id) + " " + std::string(name);
      const auto whole = put_packed(sample, name, packed(coding, sample.lines));
      EXPECT_EQ(refused(whole, what), Lines()) << what;
      EXPECT_EQ(at(whole, "/stored"), "true") << what;
      EXPECT_EQ(at(whole, "/lines"), std::to_string(lines.size())) << what;
      EXPECT_EQ(refused(put_packed(sample, name, packed(coding, csv), kCsv), what), Lines()) << what;
      // Several packed files one behind the other are one.
      const auto parts = packed(coding, lines[0] + "\n") + packed(coding, "") + packed(coding, lines[1] + "\n");
      EXPECT_EQ(at(put_packed(sample, name, parts), "/lines"), "2") << what;
      // A faulty line is named in them, too.
      EXPECT_EQ(refused(put_packed(sample, name, packed(coding, lines[0] + "\n{\n" + lines[1])), what), Lines({"2"}));
    }
  }
}

TEST_F(PackedLines, ThatAreCutStoreNothing) {
  for (const auto& sample : streamed)
    for (const auto coding : kCodings) {
      const auto whole = packed(coding, sample.lines);
      for (size_t bytes = 0; bytes < whole.size(); bytes += 5) {
        const auto cut = whole.substr(0, bytes);
        if (cut.empty()) continue;  // a request without a body
        expect_problem(put_packed(sample, http::to_text(coding), cut), "cut at " + std::to_string(bytes));
        expect_problem(put_packed(sample, http::to_text(coding), whole + cut), "cut in the second file");
      }
    }
}

TEST_F(PackedLines, ThatAreCorruptedStoreNothing) {
  for (const auto& sample : streamed)
    for (const auto coding : kCodings) {
      const auto whole = packed(coding, sample.lines);
      // Of gzip the first ten bytes have what nobody looks at: the time, the system.
      for (size_t at = coding == Coding::kGzip ? 10 : 4; at < whole.size(); at += 3) {
        auto broken = whole;
        broken[at] = static_cast<char>(broken[at] ^ 0x55);
        const auto answered = put_packed(sample, http::to_text(coding), broken);
        expect_problem(answered, std::string(http::to_text(coding)) + " corrupted at " + std::to_string(at));
      }
      expect_problem(put_packed(sample, http::to_text(coding), whole + "x"), "something behind it");
    }
}

TEST_F(PackedLines, ThatAreOfAnotherCodingAreRefused) {
  for (const auto& sample : streamed) {
    expect_problem(put_packed(sample, "gzip", sample.lines), "not packed");
    expect_problem(put_packed(sample, "zstd", sample.lines), "not packed");
    expect_problem(put_packed(sample, "gzip", packed(Coding::kZstd, sample.lines)), "zstd as gzip");
    expect_problem(put_packed(sample, "zstd", packed(Coding::kGzip, sample.lines)), "gzip as zstd");
    expect_problem(put(sample, packed(Coding::kGzip, sample.lines), kCsv), "packed, and not said to be");
    for (const std::string name : {"br", "deflate", "compress", "gzip, gzip", "gzip, zstd", "x", "\"gzip\""})
      EXPECT_EQ(put_packed(sample, name, packed(Coding::kGzip, sample.lines)).status, 415) << name;
  }
}

TEST_F(PackedLines, ThatSwellAreRefused) {
  const std::string blanks(size_t{128} << 20, ' ');
  std::string one_line = R"({"employee":")", same;
  one_line.append(size_t{64} << 20, 'E');
  for (const auto& sample : streamed) {
    const auto line = lines_of(sample.lines)[0] + "\n";
    same.clear();
    while (same.size() < size_t{32} << 20) same += line;
    for (const auto coding : kCodings)
      for (const std::string_view text :
           {std::string_view(blanks), std::string_view(one_line), std::string_view(same)}) {
        const auto bomb = packed(coding, text);
        ASSERT_LT(bomb.size(), text.size() / http::kUnpackRatioMax);
        const auto answered = put_packed(sample, http::to_text(coding), bomb);
        EXPECT_EQ(answered.status, 413) << answered.body.substr(0, 300);
        expect_problem(answered, "a bomb");
      }
  }
}

}  // namespace
}  // namespace kaogong::api::test
