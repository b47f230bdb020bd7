#include "infra/cluster/folder.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <stdexcept>
#include <string>
#include <system_error>

#include "infra/cluster/account.h"

namespace kaogong::cluster {

namespace {

// sockaddr_un has 108 bytes; the longest name of a socket in the folder is ".s.PGSQL.5432.lock".
constexpr size_t kPathBytesMax = 80;

// Waits for the end of its input, which comes with the end of the owner, however that ends. Then ends the servers that
// work inside the folder, until there are none, and removes it.
constexpr const char* kWatchdog = R"sh(
trap '' HUP INT QUIT TERM
cat >/dev/null
while :; do
  found=0
  for cwd in $(find /proc -maxdepth 2 -path '/proc/[0-9]*/cwd' \( -lname "$1" -o -lname "$1/*" \) 2>/dev/null); do
    process=${cwd%/cwd}
    case $(cat "$process/comm" 2>/dev/null) in postgres | initdb | redis-server) ;; *) continue ;; esac
    kill -KILL "${process#/proc/}" 2>/dev/null && found=1
  done
  [ "$found" = 1 ] || break
  sleep 0.02
done
exec rm -rf -- "$1"
)sh";

}  // namespace

Folder::Folder(const std::filesystem::path& parent) {
  std::string path = (parent / "kaogong-XXXXXX").string();
  if (path.size() > kPathBytesMax) throw std::runtime_error("the folder's path is too long for sockets: " + path);
  const Account account = Account::for_servers();
  if (mkdtemp(path.data()) == nullptr) {
    throw std::system_error(errno, std::generic_category(), "cannot make a folder in " + parent.string());
  }
  path_ = std::filesystem::canonical(path);
  try {
    account.give(path_);
    start_watchdog();
  } catch (const std::exception&) {
    std::filesystem::remove(path_);
    throw;
  }
}

void Folder::start_watchdog() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category(), "no pipe");
  Descriptor input(ends[0]);
  lifeline_.reset(ends[1]);
  const char* const arguments[] = {"sh", "-c", kWatchdog, "kaogong-watchdog", path_.c_str(), nullptr};
  watchdog_ = fork();
  if (watchdog_ < 0) throw std::system_error(errno, std::generic_category(), "cannot fork");
  if (watchdog_ == 0) {
    // Only what is safe after a fork of a program with threads. Nothing of the owner's is held open: who waits for the
    // end of the owner's output would wait for the watchdog.
    setsid();
    const int null = open("/dev/null", O_RDWR);
    dup2(input.get(), 0);
    dup2(null, 1);
    dup2(null, 2);
    close_range(3, ~0U, 0);
    if (chdir("/") != 0) _exit(126);
    execv("/bin/sh", const_cast<char* const*>(arguments));
    _exit(127);
  }
}

Folder::~Folder() {
  lifeline_.reset();
  while (waitpid(watchdog_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

}  // namespace kaogong::cluster
