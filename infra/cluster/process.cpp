#include "infra/cluster/process.h"

#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <limits>
#include <stdexcept>
#include <string_view>
#include <system_error>

namespace kaogong::cluster {

namespace {

using Clock = std::chrono::steady_clock;

[[noreturn]] void fail(const std::string& what) { throw std::system_error(errno, std::generic_category(), what); }

Descriptor open_process(pid_t pid) { return Descriptor(static_cast<int>(syscall(SYS_pidfd_open, pid, 0))); }

// True if the descriptor became readable by then.
bool wait_readable(int fd, Clock::time_point until) {
  pollfd descriptor = {fd, POLLIN, 0};
  while (true) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
    const int timeout_ms = static_cast<int>(std::clamp<int64_t>(left, 0, std::numeric_limits<int>::max()));
    const int ready = poll(&descriptor, 1, timeout_ms);
    if (ready > 0) return true;
    if (ready == 0) return false;
    if (errno != EINTR) fail("poll");
  }
}

Clock::time_point after_ms(int64_t ms) { return Clock::now() + std::chrono::milliseconds(ms); }

Descriptor listen_for_notice(const std::filesystem::path& path, const Account& account) {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  if (path.native().size() >= sizeof address.sun_path)
    throw std::runtime_error("too long for a socket: " + path.string());
  std::memcpy(address.sun_path, path.c_str(), path.native().size());
  std::filesystem::remove(path);
  Descriptor socket_descriptor(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!socket_descriptor ||
      bind(socket_descriptor.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    fail("cannot listen for a server's notice");
  }
  account.give(path);
  return socket_descriptor;
}

// Everything that the child needs, made before the fork: after it only async-signal-safe calls are allowed.
struct Prepared {
  std::vector<std::string> environment;
  std::vector<char*> arguments, variables;
  std::string mount_options, user_map, group_map;
};

Prepared prepare(const Command& command) {
  Prepared made;
  for (const std::string& argument : command.arguments) made.arguments.push_back(const_cast<char*>(argument.c_str()));
  made.arguments.push_back(nullptr);
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const std::string_view text(*variable);
    if (!text.starts_with("PG") && !text.starts_with("NOTIFY_SOCKET=")) made.environment.emplace_back(text);
  }
  if (!command.notify_socket.empty()) made.environment.push_back("NOTIFY_SOCKET=" + command.notify_socket.string());
  for (std::string& variable : made.environment) made.variables.push_back(variable.data());
  made.variables.push_back(nullptr);
  made.mount_options = "mode=0700,size=" + std::to_string(command.small_disk_mb) + "m";
  made.user_map = std::to_string(geteuid()) + " " + std::to_string(geteuid()) + " 1";
  made.group_map = std::to_string(getegid()) + " " + std::to_string(getegid()) + " 1";
  return made;
}

bool write_file(const char* path, std::string_view text) {
  const int fd = open(path, O_WRONLY | O_CLOEXEC);
  return fd >= 0 && write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && close(fd) == 0;
}

// In the child: its own view of the mounts, in which it may mount even as an ordinary user.
bool mount_small_disk(const Command& command, const Prepared& prepared) {
  if (geteuid() == 0) {
    if (unshare(CLONE_NEWNS) != 0) return false;
  } else if (unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0 || !write_file("/proc/self/setgroups", "deny") ||
             !write_file("/proc/self/uid_map", prepared.user_map) ||
             !write_file("/proc/self/gid_map", prepared.group_map)) {
    return false;
  }
  return mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
         mount("tmpfs", command.small_disk.c_str(), "tmpfs", MS_NOSUID | MS_NODEV, prepared.mount_options.c_str()) ==
             0 &&
         (!command.account.differs() ||
          chown(command.small_disk.c_str(), command.account.user, command.account.group) == 0);
}

[[noreturn]] void become(const Command& command, const Prepared& prepared) {
  setsid();
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  for (const int signal : {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGPIPE, SIGCHLD}) std::signal(signal, SIG_DFL);
  const int log = open(command.log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  const int null = open("/dev/null", O_RDONLY);
  if (log < 0 || null < 0 || dup2(null, 0) < 0 || dup2(log, 1) < 0 || dup2(log, 2) < 0) _exit(126);
  if (!command.small_disk.empty() && !mount_small_disk(command, prepared)) _exit(125);
  if (command.account.differs() && (setgroups(1, &command.account.group) != 0 || setgid(command.account.group) != 0 ||
                                    setuid(command.account.user) != 0)) {
    _exit(126);
  }
  close_range(3, ~0U, 0);
  if (chdir(command.working_folder.c_str()) != 0) _exit(126);
  execve(prepared.arguments[0], prepared.arguments.data(), prepared.variables.data());
  _exit(127);
}

// The processes below this one. While one is stopped it makes no more.
void add_descendants(pid_t pid, std::vector<pid_t>* found) {
  const std::string name = std::to_string(pid);
  std::ifstream children("/proc/" + name + "/task/" + name + "/children");
  for (pid_t child = 0; children >> child;) {
    found->push_back(child);
    add_descendants(child, found);
  }
}

}  // namespace

Process::Process(const Command& command) {
  if (!command.notify_socket.empty()) notify_ = listen_for_notice(command.notify_socket, command.account);
  const Prepared prepared = prepare(command);
  if (access(prepared.arguments[0], X_OK) != 0) fail("cannot run " + command.arguments[0]);
  const pid_t pid = fork();
  if (pid < 0) fail("cannot fork");
  if (pid == 0) become(command, prepared);
  pid_ = pid;
  ended_ = open_process(pid);
  if (!ended_) fail("cannot watch a process");
}

Process::~Process() {
  try {
    kill();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
  }
}

Process::Process(Process&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)), ended_(std::move(other.ended_)), notify_(std::move(other.notify_)) {}

Process& Process::operator=(Process other) noexcept {
  std::swap(pid_, other.pid_);
  std::swap(ended_, other.ended_);
  std::swap(notify_, other.notify_);
  return *this;
}

bool Process::wait_ready(int64_t timeout_ms) {
  const Clock::time_point until = after_ms(timeout_ms);
  while (true) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
    pollfd descriptors[2] = {{notify_.get(), POLLIN, 0}, {ended_.get(), POLLIN, 0}};
    const int ready = poll(descriptors, 2, static_cast<int>(std::clamp<int64_t>(left, 0, 1'000'000)));
    if (ready < 0 && errno != EINTR) fail("poll");
    if (ready == 0) return false;
    if ((descriptors[0].revents & POLLIN) != 0) {
      char text[4096];
      const ssize_t size = recv(notify_.get(), text, sizeof text, 0);
      const std::string_view said(text, size > 0 ? static_cast<size_t>(size) : 0);
      if (said.find("READY=1") != std::string_view::npos) return true;
    } else if ((descriptors[1].revents & POLLIN) != 0) {
      return false;
    }
  }
}

void Process::send_signal(int signal) const {
  if (running()) ::kill(pid_, signal);
}

void Process::send_signal_to_tree(int signal) const {
  if (!running()) return;
  std::vector<pid_t> tree = {pid_};
  add_descendants(pid_, &tree);
  for (const pid_t pid : tree) ::kill(pid, signal);
}

bool Process::wait_end(int64_t timeout_ms, int* status) {
  if (!running()) return true;
  if (!wait_readable(ended_.get(), after_ms(timeout_ms))) return false;
  while (waitpid(pid_, status, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  ended_.reset();
  notify_.reset();
  return true;
}

void Process::kill() {
  if (!running()) return;
  constexpr int64_t kDieMs = 30'000;
  ::kill(pid_, SIGSTOP);  // so that it makes no more children
  std::vector<pid_t> tree;
  add_descendants(pid_, &tree);
  std::vector<Descriptor> ends;
  for (const pid_t pid : tree) ends.push_back(open_process(pid));
  // It last, so that no child sees it die and says so to its client.
  for (const pid_t pid : tree) ::kill(pid, SIGKILL);
  ::kill(pid_, SIGKILL);
  for (const Descriptor& end : ends) {
    if (end) wait_readable(end.get(), after_ms(kDieMs));
  }
  if (!wait_end(kDieMs)) throw std::runtime_error("a process does not die");
}

}  // namespace kaogong::cluster
