# Writes a C++ file that holds the texts of templates and definition sets. Run by the build:
#   cmake -DOUT=FILE -DDIR=FOLDER -DTEMPLATES=a,b,c -DSETS=a,b,c -P embed.cmake
# The ids come sorted. A text is cut into raw string literals well below the length that compilers promise to take.
cmake_minimum_required(VERSION 3.25)

set(chunk_chars 8000)

function(literal file result)
  file(READ ${file} text)
  if(text MATCHES "\\)kaogong\"")
    message(FATAL_ERROR "${file} holds the end mark of a raw string")
  endif()
  string(LENGTH "${text}" length)
  set(code "")
  set(at 0)
  while(at LESS length)
    # A chunk ends at a line's end, so that no character is cut in two.
    string(SUBSTRING "${text}" ${at} ${chunk_chars} chunk)
    math(EXPR end "${at} + ${chunk_chars}")
    if(end LESS length)
      string(FIND "${chunk}" "\n" newline REVERSE)
      if(newline LESS 0)
        message(FATAL_ERROR "${file} has a line of more than ${chunk_chars} bytes")
      endif()
      math(EXPR take "${newline} + 1")
      string(SUBSTRING "${chunk}" 0 ${take} chunk)
    endif()
    string(LENGTH "${chunk}" taken)
    math(EXPR at "${at} + ${taken}")
    string(APPEND code "\n     R\"kaogong(${chunk})kaogong\"")
  endwhile()
  set(${result} "${code}" PARENT_SCOPE)
endfunction()

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
