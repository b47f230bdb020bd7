#include "engine/dmn/run.h"

#include <gtest/gtest.h>

namespace kaogong::dmn {
namespace {

using feel::Value;

std::string model(const std::string& inside, const std::string& uri = "urn:test") {
  return "<definitions xmlns='https://www.omg.org/spec/DMN/20230324/MODEL/' name='m' namespace='" + uri + "'>" +
         inside + "</definitions>";
}

std::string decide(const std::string& xml, const std::string& decision,
                   const std::vector<std::pair<std::string, Value>>& inputs = {}, const ImportResolver& resolver = {}) {
  const auto loaded = load(xml, resolver);
  if (const auto* error = std::get_if<LoadError>(&loaded)) return "load: " + error->message;
  Run run(std::get<std::shared_ptr<const Definitions>>(loaded), feel::Options());
  for (const auto& [name, value] : inputs) run.set_input(name, value);
  const feel::Evaluated result = run.decision(decision);
  if (const auto* error = std::get_if<feel::EvalError>(&result)) return "error: " + error->message;
  return feel::to_text(std::get<Value>(result));
}

std::string literal(const std::string& name, const std::string& text, const std::string& requirements = "",
                    const std::string& type = "") {
  return "<decision name='" + name + "' id='" + name + "'><variable name='" + name + "'" +
         (type.empty() ? "" : " typeRef='" + type + "'") + "/>" + requirements + "<literalExpression><text>" + text +
         "</text></literalExpression></decision>";
}

std::string needs(const std::string& href) {
  return "<informationRequirement><requiredDecision href='" + href + "'/></informationRequirement>";
}

TEST(Run, ComputesDecisions) {
  const std::string xml =
      model("<inputData name='Base Pay' id='in'><variable name='Base Pay' typeRef='number'/></inputData>" +
            literal("Pay", "Base Pay * 1.1",
                    "<informationRequirement><requiredInput href='#in'/></informationRequirement>", "number") +
            literal("Twice", "Pay * 2", needs("#Pay")));
  EXPECT_EQ(decide(xml, "Twice", {{"Base Pay", Value::integer(100)}}), "220");
  EXPECT_EQ(decide(xml, "Twice", {{"Base Pay", Value::string("x")}}), "null");
  EXPECT_EQ(decide(xml, "Twice"), "null");
  EXPECT_TRUE(decide(xml, "Nothing").starts_with("error"));
}

TEST(Run, SeesOnlyWhatIsRequired) {
  EXPECT_EQ(decide(model(literal("a", "1") + literal("b", "a + 1")), "b"), "null");
  EXPECT_EQ(decide(model(literal("a", "1") + literal("b", "a + 1", needs("#a"))), "b"), "2");
}

TEST(Run, ChecksTypes) {
  const std::string types =
      "<itemDefinition name='tGrade'><typeRef>string</typeRef><allowedValues><text>\"A\", \"B\"</text></allowedValues>"
      "</itemDefinition><itemDefinition name='tGrades' isCollection='true'><typeRef>tGrade</typeRef></itemDefinition>";
  EXPECT_EQ(decide(model(types + literal("d", "\"A\"", "", "tGrade")), "d"), "A");
  EXPECT_EQ(decide(model(types + literal("d", "\"X\"", "", "tGrade")), "d"), "null");
  EXPECT_EQ(decide(model(types + literal("d", "\"A\"", "", "tGrades")), "d"), "[\"A\"]");
  EXPECT_EQ(decide(model(types + literal("d", "[\"A\"]", "", "tGrade")), "d"), "A");
  EXPECT_EQ(decide(model(types + literal("d", "[\"A\", \"X\"]", "", "tGrades")), "d"), "null");
  EXPECT_EQ(decide(model(literal("d", "date(\"2026-10-31\")", "", "dateTime")), "d"), "2026-10-31T00:00:00Z");
  EXPECT_EQ(
      decide(model("<itemDefinition name='tLoop'><itemComponent name='next'><typeRef>tLoop</typeRef></itemComponent>"
                   "</itemDefinition>" +
                   literal("d", "{next: {next: null}}", "", "tLoop")),
             "d"),
      "{next: {next: null}}");
}

TEST(Run, SurvivesCycles) {
  EXPECT_EQ(decide(model(literal("a", "b", needs("#b")) + literal("b", "a", needs("#a"))), "a"), "null");
  const std::string other =
      model("<import name='m' namespace='urn:test' importType='https://www.omg.org/spec/DMN/'/>" + literal("x", "5"),
            "urn:other");
  const std::string root =
      model("<import name='o' namespace='urn:other' importType='https://www.omg.org/spec/DMN/20230324/MODEL/'/>" +
            literal("d", "o.x + 1", needs("urn:other#x")));
  EXPECT_EQ(decide(root, "d", {}, [&](const std::string&, const std::string&) { return other; }), "6");
  EXPECT_TRUE(decide(root, "d").starts_with("load: the import"));
}

TEST(Run, RefusesWhatItCannotRead) {
  EXPECT_TRUE(decide("not xml", "d").starts_with("load: not XML"));
  EXPECT_EQ(decide("<a/>", "d"), "load: there is no definitions element");
  EXPECT_EQ(decide(model("<decision name='d'><decisionTable hitPolicy='MAYBE'/></decision>"), "d"),
            "load: unknown hit policy 'MAYBE'");
  std::string deep = "<literalExpression><text>1</text></literalExpression>";
  for (int i = 0; i < 5000; ++i) deep = "<list>" + deep + "</list>";
  EXPECT_TRUE(decide(model("<decision name='d'>" + deep + "</decision>"), "d").starts_with("load:"));
  EXPECT_EQ(decide(model(literal("d", "1 +")), "d"), "null");
  std::string unknown, components, references;
  for (int i = 0; i < 50'000; ++i) {
    unknown += "<foo>";
    components += "<itemComponent name='c'>";
    references += "<itemDefinition name='t" + std::to_string(i) + "'><typeRef>t" + std::to_string(i + 1) +
                  "</typeRef></itemDefinition>";
  }
  for (int i = 0; i < 50'000; ++i) {
    unknown += "</foo>";
    components += "</itemComponent>";
  }
  EXPECT_EQ(decide(model("<decision name='d'>" + unknown + "</decision>"), "d"),
            "load: the document is nested too deeply");
  EXPECT_EQ(decide(model("<itemDefinition name='t'>" + components + "</itemDefinition>"), "d"),
            "load: item definitions are nested too deeply");
  EXPECT_EQ(decide(model(references), "d"), "load: item definitions refer to each other too deeply");
}

TEST(Run, ExpandsNoEntities) {
  std::string declared = "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY f SYSTEM 'file:///etc/hostname'>";
  for (char c = 'b'; c < 'f'; ++c) {
    const std::string before = "&" + std::string(1, static_cast<char>(c - 1)) + ";";
    declared += "<!ENTITY " + std::string(1, c) + " '";
    for (int i = 0; i < 100; ++i) declared += before;
    declared += "'>";
  }
  EXPECT_EQ(decide(declared + "]>" + model(literal("d", "\"&e;\"")), "d"), "&e;");
  EXPECT_EQ(decide(declared + "]>" + model(literal("d", "\"&f;\"")), "d"), "&f;");
}

TEST(Run, KeepsSharedValuesBounded) {
  std::string text = literal("x0", "[1, 2]");
  for (int i = 1; i <= 60; ++i) {
    const std::string name = "x" + std::to_string(i), before = "x" + std::to_string(i - 1);
    text += literal(name, "[" + before + ", " + before + "]", needs("#" + before));
  }
  EXPECT_EQ(decide(model(text), "x60"), "error: the value is too large");
}

TEST(Run, LimitsRecursion) {
  const std::string bkm =
      "<businessKnowledgeModel name='f' id='f'><variable name='f'/><encapsulatedLogic><formalParameter name='n'/>"
      "<literalExpression><text>f(n + 1)</text></literalExpression></encapsulatedLogic></businessKnowledgeModel>";
  const std::string call =
      literal("d", "f(1)", "<knowledgeRequirement><requiredKnowledge href='#f'/></knowledgeRequirement>");
  EXPECT_EQ(decide(model(bkm + call), "d"), "error: nested too deeply");
}

}  // namespace
}  // namespace kaogong::dmn
