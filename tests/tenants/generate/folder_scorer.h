// Generates a folder, reads it back and computes it.
#pragma once

#include <map>
#include <string>

#include "tenants/generate/generate.h"

namespace kaogong::tests {

/// A folder below the system's temporary one, removed at the end.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::string& path() const { return path_; }
  /// The bytes of every file, by name.
  std::map<std::string, std::string> files() const;

 private:
  std::string path_;
};

struct Scored {
  size_t rows = 0, refused = 0;
  size_t rejects = 0;        // lines that rejects.csv would have
  std::string first_reject;  // what is wrong with the first of them
};

/// A period for which the scheme runs.
scheme::Period some_period(const scheme::Document& document);

/// Fails the test when the folder cannot be read or nothing can be computed.
Scored score_folder(const scheme::Document& document, scheme::Period period, const std::string& folder);

}  // namespace kaogong::tests
