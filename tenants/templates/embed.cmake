# Writes a C++ file that holds the texts of templates and definition sets. Run by the build:
#   cmake -DOUT=FILE -DDIR=FOLDER -DTEMPLATES=a,b,c -DSETS=a,b,c -P embed.cmake
# The ids come sorted.
cmake_minimum_required(VERSION 3.25)

include(${CMAKE_CURRENT_LIST_DIR}/../embed_text.cmake)

string(REPLACE "," ";" template_ids "${TEMPLATES}")
string(REPLACE "," ";" set_ids "${SETS}")
file(WRITE ${OUT}.new "// Made by embed.cmake.\n#include \"tenants/templates/embedded.h\"\n\n"
                      "namespace kaogong::templates::embedded {\nnamespace {\n\nconstexpr Template kTemplates[] = {\n")
foreach(id IN LISTS template_ids)
  literal(${DIR}/${id}.yaml yaml)
  file(APPEND ${OUT}.new "    {\"${id}\",${yaml}},\n")
endforeach()
file(APPEND ${OUT}.new "};\n\nconstexpr DefinitionSet kDefinitionSets[] = {\n")
foreach(id IN LISTS set_ids)
  literal(${DIR}/sets/${id}.csv csv)
  literal(${DIR}/sets/${id}.yaml yaml)
  file(APPEND ${OUT}.new "    {\"${id}\",${csv},${yaml}},\n")
endforeach()
file(APPEND ${OUT}.new "};\n\n}  // namespace\n\nstd::span<const Template> templates() { return kTemplates; }\n"
                       "std::span<const DefinitionSet> definition_sets() { return kDefinitionSets; }\n\n"
                       "}  // namespace kaogong::templates::embedded\n")
file(RENAME ${OUT}.new ${OUT})
