# Writes a C++ file that holds the texts of the packs. Run by the build:
#   cmake -DOUT=FILE -DDIR=FOLDER -DPACKS=a,b,c -P embed.cmake
cmake_minimum_required(VERSION 3.25)
include(${CMAKE_CURRENT_LIST_DIR}/../embed_text.cmake)

string(REPLACE "," ";" ids "${PACKS}")
file(WRITE ${OUT}.new "// Made by embed.cmake.\n#include \"tenants/packs/packs.h\"\n\nnamespace kaogong::packs {\n"
                      "namespace {\n\nconstexpr ShippedPack kPacks[] = {\n")
foreach(id IN LISTS ids)
  literal(${DIR}/${id}.yaml yaml)
  file(APPEND ${OUT}.new "    {\"${id}\",${yaml}},\n")
endforeach()
file(APPEND ${OUT}.new "};\n\n}  // namespace\n\nstd::span<const ShippedPack> shipped() { return kPacks; }\n\n"
                       "}  // namespace kaogong::packs\n")
file(RENAME ${OUT}.new ${OUT})
