# Writes a C++ file that holds the rooms' openapi.yaml and the viewer. Run by the build:
#   cmake -DOUT=FILE -DDIR=gateway/api -DROOMS=a,b,c -P embed.cmake
cmake_minimum_required(VERSION 3.25)
include(${CMAKE_CURRENT_LIST_DIR}/../../../tenants/embed_text.cmake)
string(REPLACE "," ";" rooms "${ROOMS}")
file(WRITE ${OUT}.new "// Made by embed.cmake.\n#include \"gateway/api/openapi/fragments.h\"\n\nnamespace kaogong::api {\n"
                      "namespace {\n\nconstexpr Fragment kFragments[] = {\n")
foreach(room IN LISTS rooms)
  literal(${DIR}/${room}/openapi.yaml yaml)
  file(APPEND ${OUT}.new "    {\"${room}\",${yaml}},\n")
endforeach()
literal(${DIR}/openapi/viewer.html html)
literal(${DIR}/openapi/viewer.js script)
literal(${DIR}/openapi/viewer.css style)
file(APPEND ${OUT}.new "};\nconstexpr Viewer kViewer{${html},\n${script},\n${style}};\n\n}  // namespace\n\n"
     "std::span<const Fragment> openapi_fragments() { return kFragments; }\n"
     "const Viewer& openapi_viewer() { return kViewer; }\n\n}  // namespace kaogong::api\n")
file(RENAME ${OUT}.new ${OUT})
