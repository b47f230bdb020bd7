#include "infra/cluster/account.h"

#include <pwd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <stdexcept>
#include <system_error>

namespace kaogong::cluster {

namespace {

void give_one(const std::filesystem::path& path, const Account& account) {
  if (lchown(path.c_str(), account.user, account.group) != 0) {
    throw std::system_error(errno, std::generic_category(), "cannot give away " + path.string());
  }
}

}  // namespace

Account Account::for_servers() {
  if (geteuid() != 0) return {geteuid(), getegid()};
  for (const char* name : {"postgres", "nobody"}) {
    passwd entry = {};
    passwd* found = nullptr;
    std::array<char, 16384> texts;
    if (getpwnam_r(name, &entry, texts.data(), texts.size(), &found) == 0 && found != nullptr) {
      return {entry.pw_uid, entry.pw_gid};
    }
  }
  throw std::runtime_error("neither a user postgres nor a user nobody to run servers as");
}

bool Account::differs() const { return user != geteuid(); }

void Account::give(const std::filesystem::path& path) const {
  if (!differs()) return;
  give_one(path, *this);
  if (!std::filesystem::is_directory(std::filesystem::symlink_status(path))) return;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(path)) give_one(entry.path(), *this);
}

}  // namespace kaogong::cluster
