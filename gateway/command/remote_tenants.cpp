// A tenant's export from a server.
#include <algorithm>
#include <map>

#include "gateway/api/forms.h"
#include "gateway/client/client.h"
#include "gateway/client/problem_text.h"
#include "gateway/command/commands.h"
#include "gateway/command/remote_mode.h"
#include "gateway/command/remote_steps.h"
#include "gateway/command/show_json.h"
#include "gateway/command/tenant_session.h"
#include "gateway/json/read.h"
#include "infra/crypto/encode.h"
#include "infra/crypto/hash.h"
#include "infra/tar/reader.h"
#include "tenants/registry/export_files.h"
#include "tenants/registry/registry.h"

namespace kaogong::gateway {

namespace {

constexpr size_t kManifestBytesMax = size_t{1} << 20;

/// `people.csv`, `manifest.json`: nothing that would lead out of the folder.
bool is_plain_name(std::string_view name) {
  return !name.empty() && name.front() != '.' && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
  });
}

/// The files of the archive, put into the folder as they come.
class ReceivedFiles final : public tar::Files {
 public:
  explicit ReceivedFiles(std::string folder) : folder_(std::move(folder)) {}

  bool begin(std::string_view name, uint64_t bytes) override {
    name_ = name;
    if (!is_plain_name(name) || sha256_.contains(name_) || !manifest_.empty())
      return refuse("the server's archive has an entry that is not expected: " + name_);
    is_manifest_ = name == tenants::kManifestFile;
    if (is_manifest_ && bytes > kManifestBytesMax) return refuse("the server's manifest is too long");
    return is_manifest_ || keep(folder_.begin(name, bytes));
  }
  bool write(std::string_view bytes) override {
    if (is_manifest_) {
      manifest_ += bytes;
      return true;
    }
    hash_.update(bytes);
    return keep(folder_.write(bytes));
  }
  bool end() override {
    if (is_manifest_) return true;
    const auto digest = hash_.finish();
    sha256_[name_] = crypto::to_hex(crypto::view(digest));
    return keep(folder_.end());
  }

  /// Writes the manifest, as the last file, if it is of what came. Gives its tables.
  std::optional<json::Document> finish() {
    auto read = json::read(manifest_);
    auto* document = std::get_if<json::Document>(&read);
    const auto tables = document == nullptr ? std::nullopt : document->root().find("tables");
    if (!tables || tables->size() != sha256_.size()) {
      refuse("the server's manifest does not name what came");
      return std::nullopt;
    }
    for (const auto table : tables->items()) {
      const auto name = member_text(table, "table") + ".csv";
      const auto found = sha256_.find(name);
      if (found != sha256_.end() && found->second == member_text(table, "sha256")) continue;
      refuse(name + " is not as the server's manifest says");
      return std::nullopt;
    }
    if (!keep(folder_.begin(tenants::kManifestFile, manifest_.size()) && folder_.write(manifest_) && folder_.end()))
      return std::nullopt;
    return std::move(*document);
  }

  const std::string& fault() const { return fault_; }

 private:
  bool refuse(std::string fault) {
    fault_ = std::move(fault);
    return false;
  }
  bool keep(bool done) { return done || refuse(folder_.fault()); }

  tenants::ExportFolder folder_;
  std::string name_, manifest_, fault_;
  bool is_manifest_ = false;
  crypto::Sha256 hash_;
  std::map<std::string, std::string> sha256_;  // by the name of the file
};

}  // namespace

int remote_tenant_export(client::Client& client, const CommandLine& line) {
  ReceivedFiles files(line.text("--out"));
  tar::Reader archive(files);
  const auto answer = client.call(request_to("GET", "/v1/tenants/" + api::escaped_segment(line.text("id")) + "/export"),
                                  [&](std::string_view bytes) { return archive.take(bytes); });
  if (const auto* failure = std::get_if<client::CallFailure>(&answer)) return fail(failure->message);
  const auto& response = std::get<client::Response>(answer);
  if (!response.is_good()) return fail(client::problem_text(response));
  if (!files.fault().empty()) return fail(files.fault());
  if (!archive.is_whole())
    return fail(archive.fault().empty() ? "the server's archive broke off"
                                        : "the server's archive cannot be read: " + archive.fault());
  const auto manifest = files.finish();
  if (!manifest) return fail(files.fault());
  for (const auto table : manifest->root().find("tables")->items()) show_entry(table, "table rows sha256");
  return kDone;
}

}  // namespace kaogong::gateway
