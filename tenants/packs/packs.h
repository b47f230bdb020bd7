// The packs that ship with the program, and reading a tenant's own.
#pragma once

#include <span>
#include <string_view>

#include "engine/scheme/load.h"

namespace kaogong::packs {

/// A pack's document. Lives as long as the program.
struct ShippedPack {
  std::string_view id;    // "cn.iit"
  std::string_view yaml;  // UTF-8
};

/// All shipped packs, by id.
std::span<const ShippedPack> shipped();

/// Reads a pack and gives it its hash: "sha256:" and the hexadecimal SHA-256 of the text's bytes. Two packs of one hash
/// compute the same. Errors: those of scheme::load_pack.
scheme::LoadedPack read(std::string_view text);

/// The shipped packs, read once. A tenant's own are added to a copy: those go before shipped ones of their id.
const scheme::PackLibrary& library();

}  // namespace kaogong::packs
