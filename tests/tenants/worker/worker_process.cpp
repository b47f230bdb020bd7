// A worker as a process of its own, to be stopped, continued and killed: worker_process CONNINFO NAME LEASE_MS LANES
// [forever]. Ends when nothing waits any more, or with status 0 at SIGTERM.

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include "tests/tenants/worker/worker_kit.h"

namespace kaogong::worker {

static int run(int argc, char** argv) {
  if (argc < 5) {
    std::fputs("usage: worker_process CONNINFO NAME LEASE_MS LANES [forever]\n", stderr);
    return 2;
  }
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::stop_source stop;
  std::thread([signals, stop]() mutable {
    int signal = 0;
    sigwait(&signals, &signal);
    stop.request_stop();
  }).detach();
  WorkerOptions options;
  options.name = argv[2];
  options.lease_ms = std::atoll(argv[3]);
  options.lanes = std::atoi(argv[4]);
  options.poll_ms = 20;
  WorkerKit kit(argv[1], options);
  if (argc > 5) {
    kit.worker.run(stop.get_token());
  } else {
    kit.worker.run_until_idle(stop.get_token());
  }
  const WorkerStatus status = kit.worker.status();
  std::printf("written=%llu fenced=%llu\n", static_cast<unsigned long long>(status.chunks_written),
              static_cast<unsigned long long>(status.chunks_fenced));
  std::fflush(stdout);
  std::_Exit(0);  // the thread that waits for signals is still there
}

}  // namespace kaogong::worker

int main(int argc, char** argv) { return kaogong::worker::run(argc, argv); }
