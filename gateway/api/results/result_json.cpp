#include "gateway/api/results/result_json.h"

#include "gateway/api/results/visibility.h"

namespace kaogong::api {

void write_value(json::Writer& writer, scheme::TypeName type, const std::optional<std::string>& text) {
  if (!text) {
    writer.null();
  } else if (type == scheme::TypeName::kBoolean) {
    writer.value(*text == "true");
  } else {
    writer.value(*text);
  }
}

std::string result_json(const Caller& caller, std::string_view scheme_id, scheme::Period period,
                        std::string_view employee, const runs::EffectiveResult& result) {
  json::Writer writer;
  writer.begin_object()
      .member("employee", employee)
      .member("scheme", scheme_id)
      .member("period", scheme::to_text(period))
      .member("run", number_of(result.from))
      .member("refused", result.result.refused)
      .name("values");
  if (result.result.refused) {
    writer.null();
  } else {
    writer.begin_object();
    for (size_t i = 0; i < result.outputs.size(); ++i) {
      if (!may_see(caller, result.result.types[i], employee)) continue;
      writer.name(result.outputs[i]);
      write_value(writer, result.result.types[i], result.result.values[i]);
    }
    writer.end_object();
  }
  writer.end_object();
  return writer.take();
}

}  // namespace kaogong::api
