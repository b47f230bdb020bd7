// The files of a data folder and the columns that a scheme reads from them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/scheme/document.h"

namespace kaogong::folder {

struct ColumnSpec {
  enum class Kind : uint8_t { kEmployee, kPeriod, kValue, kText } kind = Kind::kValue;
  std::string name;
  scheme::TypeDecl type;  // kValue
  scheme::Labels labels;
};

struct FileSpec {
  std::string name;  // without .csv
  std::vector<ColumnSpec> columns;
};

/// What each file is for a scheme: the first is the population, then the child tables in the document's order, the
/// history (also where the scheme has none), the lookups (also inline ones, which are not read) and the parameters.
struct FolderSpec {
  std::vector<FileSpec> files;
  size_t tables = 0, lookups = 0;

  static constexpr size_t kPopulation = 0;
  size_t table(size_t i) const { return 1 + i; }
  size_t history() const { return 1 + tables; }
  size_t lookup(size_t i) const { return 2 + tables + i; }
  size_t parameters() const { return 2 + tables + lookups; }
};

FolderSpec folder_spec(const scheme::Document& document);

}  // namespace kaogong::folder
