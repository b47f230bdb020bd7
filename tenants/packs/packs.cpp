#include "tenants/packs/packs.h"

#include "infra/crypto/encode.h"
#include "infra/crypto/hash.h"

namespace kaogong::packs {

scheme::LoadedPack read(std::string_view text) {
  scheme::LoadedPack loaded = scheme::load_pack(text);
  if (loaded.pack != nullptr) loaded.pack->hash = "sha256:" + crypto::to_hex(crypto::view(crypto::sha256(text)));
  return loaded;
}

const scheme::PackLibrary& library() {
  static const scheme::PackLibrary kLibrary = [] {
    scheme::PackLibrary all;
    for (const ShippedPack& pack : shipped()) {
      scheme::LoadedPack loaded = read(pack.yaml);
      if (loaded.pack != nullptr) all.add(std::move(loaded.pack));  // a test holds that each can be read
    }
    return all;
  }();
  return kLibrary;
}

}  // namespace kaogong::packs
