#include "tenants/snapshot/signature.h"

#include "tenants/snapshot/bytes.h"

namespace kaogong::snapshot {

namespace {

void add_bound(const std::optional<int64_t>& bound, bool exclusive, ByteWriter* out) {
  out->u8(static_cast<uint8_t>((bound ? 1 : 0) | (exclusive ? 2 : 0)));
  out->zigzag(bound.value_or(0));
}

void add(const scheme::Named& named, ByteWriter* out) {
  const scheme::TypeDecl& type = named.type;
  out->text(named.name);
  out->u8(static_cast<uint8_t>(type.name));
  out->u8(type.scale);
  out->u8(type.nullable ? 1 : 0);
  add_bound(type.min, type.min_exclusive, out);
  add_bound(type.max, type.max_exclusive, out);
  out->varint(type.values.size());
  for (const auto& value : type.values) out->text(value);
}

void add(const std::vector<std::string>& texts, ByteWriter* out) {
  out->varint(texts.size());
  for (const auto& text : texts) out->text(text);
}

template <class T>
void add_all(const std::vector<T>& named, ByteWriter* out) {
  out->varint(named.size());
  for (const auto& one : named) add(one, out);
}

}  // namespace

Checksum signature_of(const scheme::Document& document) {
  ByteWriter out;
  add_all(document.inputs, &out);
  out.varint(document.tables.size());
  for (const auto& table : document.tables) {
    out.text(table.name);
    out.u8(table.min_rows > 0 ? 1 : 0);  // whether the file may be missing
    add_all(table.columns, &out);
    add(table.key, &out);
  }
  out.varint(document.lookups.size());
  for (const auto& lookup : document.lookups) {
    out.u8(lookup.is_inline ? 1 : 0);
    if (lookup.is_inline) continue;
    out.text(lookup.name);
    add_all(lookup.columns, &out);
    add(lookup.key, &out);
  }
  out.varint(document.history.size());
  for (const auto& column : document.history) {
    add(column, &out);
    out.text(column.every);
  }
  add_all(document.parameters, &out);
  return checksum_of(out.bytes());
}

}  // namespace kaogong::snapshot
