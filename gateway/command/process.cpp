#include "gateway/command/process.h"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <new>

#include "gateway/command/commands.h"

namespace kaogong::gateway {

namespace {

void say(const char* text) {
  if (::write(STDERR_FILENO, text, std::strlen(text)) < 0) return;  // there is nobody to tell
}

[[noreturn]] void last_words() {
  static std::atomic_flag spoken = ATOMIC_FLAG_INIT;
  while (spoken.test_and_set()) ::pause();  // another thread is ending the program
  const char* why = "kaogong: an error that was not expected\n";
  try {
    if (const auto error = std::current_exception()) std::rethrow_exception(error);
  } catch (const std::bad_alloc&) {
    why = "kaogong: there is not enough memory\n";
  } catch (const std::exception& error) {
    say("kaogong: ");
    say(error.what());
    why = "\n";
  } catch (...) {
    why = "kaogong: an exception that was not expected\n";
  }
  say(why);
  ::_exit(kNothingDone);
}

}  // namespace

void prepare_process() {
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; ++fd) {
    // The lowest number that is free is taken: the one that is closed.
    if (::fcntl(fd, F_GETFD) < 0 && ::open("/dev/null", O_RDWR) < 0) std::abort();
  }
  std::signal(SIGXFSZ, SIG_IGN);
  std::set_terminate(last_words);
}

bool finish_output() {
  const bool kept = std::ferror(stdout) == 0;
  if (std::fflush(stdout) == 0 && kept) return true;
  std::fprintf(stderr, "kaogong: standard output cannot be written: %s\n", std::strerror(errno));
  return false;
}

}  // namespace kaogong::gateway
