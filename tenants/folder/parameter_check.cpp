#include "tenants/folder/parameter_check.h"

#include "engine/scheme/near.h"
#include "tenants/folder/reject.h"

namespace kaogong::folder {

ParameterCheck::ParameterCheck(const scheme::Document& document) {
  for (const auto& parameter : document.parameters) {
    ColumnSpec spec;
    spec.name = parameter.name;
    spec.labels.zh = parameter.name;
    spec.type = parameter.type;
    parsers_.emplace_back(spec, uint16_t{0}, uint16_t{0});
    specs_.push_back(std::move(spec));
  }
}

std::optional<size_t> ParameterCheck::find(std::string_view name) const {
  for (size_t i = 0; i < specs_.size(); ++i)
    if (specs_[i].name == name) return i;
  return std::nullopt;
}

scheme::Labels ParameterCheck::unknown(std::string_view name) const {
  const std::string shown = printable(name, kShownBytesMax);
  std::vector<std::string_view> known;
  std::string list;
  for (const auto& spec : specs_) {
    if (!list.empty()) list += "、";
    list += spec.name;
    known.emplace_back(spec.name);
  }
  if (const std::string near = scheme::nearest(name, known); !near.empty())
    return {"没有参数“" + shown + "”，是否为“" + near + "”？",
            "there is no parameter '" + shown + "': is it '" + near + "'?"};
  return {"没有参数“" + shown + "”" + (list.empty() ? "：此方案没有参数" : "，现有：" + list),
          "there is no parameter '" + shown + "': " + scheme::suggest(name, known, "the scheme has none")};
}

std::optional<scheme::Labels> ParameterCheck::read(size_t parameter, std::string_view value,
                                                   column::Column* out) const {
  int64_t number = 0;
  bool is_null = false;
  Reject reject;
  reject.column = 0;
  if (!parsers_[parameter].parse_one(value, &number, &is_null, &reject.kind))
    return error_text(reject, printable(value, kShownBytesMax), FileSpec{"parameters", {specs_[parameter]}});
  if (out == nullptr) return std::nullopt;
  out->allocate(1, false);
  if (is_null) {
    out->set_null(0);
  } else if (out->type == scheme::TypeName::kString) {
    out->set(0, out->dictionary->insert(value));
  } else {
    out->set(0, number);
  }
  return std::nullopt;
}

}  // namespace kaogong::folder
