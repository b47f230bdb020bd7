# Writes a C++ file that holds texts of SQL. Run by the build:
#   cmake -DOUT=FILE -DDIR=FOLDER -DFILES=a/b,c/d -P embed_sql.cmake
# A file is DIR/a/b.sql and becomes an entry named a/b.
cmake_minimum_required(VERSION 3.25)
string(REPLACE "," ";" files "${FILES}")
string(CONCAT code "// Made by embed_sql.cmake.\n#include \"tenants/registry/embedded_sql.h\"\n\n"
         "namespace kaogong::tenants::embedded {\nnamespace {\n\nconstexpr SqlText kTexts[] = {\n")
foreach(name IN LISTS files)
  file(READ ${DIR}/${name}.sql text)
  string(LENGTH "${text}" length)
  if(text MATCHES "\\)kaogong\"" OR length GREATER 60000)
    message(FATAL_ERROR "${name}.sql holds the end mark of a raw string, or is longer than compilers promise to take")
  endif()
  string(APPEND code "    {\"${name}\", R\"kaogong(${text})kaogong\"},\n")
endforeach()
string(APPEND code "};\n\n}  // namespace\n\nstd::span<const SqlText> sql_texts() { return kTexts; }\n\n"
                   "}  // namespace kaogong::tenants::embedded\n")
file(WRITE ${OUT}.new "${code}")
file(RENAME ${OUT}.new ${OUT})
