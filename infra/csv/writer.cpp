#include "infra/csv/writer.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace kaogong::csv {

namespace {

constexpr size_t kBufferBytes = size_t{1} << 20;
constexpr size_t kDirectBytes = size_t{1} << 16;     // what is large enough is not copied first
constexpr size_t kWritebackBytes = size_t{8} << 20;  // the disk begins early, so that finish() does not wait for all
constexpr const char* kDescriptors = "/proc/self/fd/";

std::string folder_of(const std::string& path) {
  const size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : path.substr(0, slash + 1);
}

}  // namespace

void append_field(std::string* out, std::string_view value) {
  bool plain = true;
  for (const char c : value) plain = plain && c != ',' && c != '"' && c != '\n' && c != '\r';
  if (plain) {
    out->append(value);
    return;
  }
  out->push_back('"');
  for (const char c : value) {
    if (c == '"') out->push_back('"');
    out->push_back(c);
  }
  out->push_back('"');
}

Writer::Writer(int fd, std::string path, std::string temporary)
    : fd_(fd), path_(std::move(path)), temporary_(std::move(temporary)) {
  buffer_.reserve(kBufferBytes);
}

std::unique_ptr<Writer> Writer::create(const std::string& path, std::string* error) {
  struct stat info {};
  if (::stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode)) {
    *error = "it is a directory";
    return nullptr;
  }
  // A file without a name gets its name through /proc.
  if (::access(kDescriptors, X_OK) == 0) {
    const int fd = ::open(folder_of(path).c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666);
    if (fd >= 0) return std::unique_ptr<Writer>(new Writer(fd, path, {}));
    if (errno != EOPNOTSUPP && errno != EISDIR) {  // EISDIR: a kernel that does not know O_TMPFILE
      *error = std::strerror(errno);
      return nullptr;
    }
  }
  std::string temporary = path + ".XXXXXX";
  const int fd = ::mkostemp(temporary.data(), O_CLOEXEC);
  if (fd < 0) {
    *error = std::strerror(errno);
    return nullptr;
  }
  const mode_t mask = ::umask(0);
  ::umask(mask);
  ::fchmod(fd, 0666 & ~mask);  // mkostemp gives 0600
  return std::unique_ptr<Writer>(new Writer(fd, path, temporary));
}

Writer::~Writer() {
  if (fd_ >= 0) ::close(fd_);
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

void Writer::write_out(std::string_view bytes) {
  while (!bytes.empty() && error_.empty()) {
    const ssize_t n = ::write(fd_, bytes.data(), bytes.size());
    if (n >= 0) {
      bytes.remove_prefix(static_cast<size_t>(n));
      flushed_bytes_ += static_cast<size_t>(n);
    } else if (errno != EINTR) {
      error_ = std::strerror(errno);
    }
  }
  if (flushed_bytes_ - started_bytes_ >= kWritebackBytes) {
    ::sync_file_range(fd_, static_cast<off64_t>(started_bytes_), static_cast<off64_t>(flushed_bytes_ - started_bytes_),
                      SYNC_FILE_RANGE_WRITE);
    started_bytes_ = flushed_bytes_;
  }
}

void Writer::write(std::string_view bytes) {
  if (buffer_.size() + bytes.size() > kBufferBytes) {
    write_out(buffer_);
    buffer_.clear();
  }
  if (bytes.size() >= kDirectBytes) {
    write_out(buffer_);
    buffer_.clear();
    write_out(bytes);
  } else {
    buffer_.append(bytes);
  }
}

bool Writer::sync(std::string* error) {
  write_out(buffer_);
  buffer_.clear();
  if (error_.empty() && !synced_ && ::fsync(fd_) != 0) error_ = std::strerror(errno);
  synced_ = true;
  if (!error_.empty()) *error = error_;
  return error_.empty();
}

bool Writer::give_name() {
  if (temporary_.empty()) {
    const std::string self = kDescriptors + std::to_string(fd_);
    const auto link_to = [&](const std::string& name) {
      return ::linkat(AT_FDCWD, self.c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW) == 0;
    };
    if (link_to(path_)) return true;
    // A link cannot take the place of a file: a name of its own first.
    for (int i = 0; errno == EEXIST && temporary_.empty(); ++i) {
      const std::string name = path_ + "." + std::to_string(::getpid()) + "." + std::to_string(i);
      if (link_to(name)) temporary_ = name;
    }
    if (temporary_.empty()) return false;
  }
  if (::rename(temporary_.c_str(), path_.c_str()) != 0) return false;
  temporary_.clear();
  return true;
}

bool Writer::finish(std::string* error) {
  if (!sync(error)) return false;
  if (!give_name()) error_ = std::strerror(errno);
  if (::close(fd_) != 0 && error_.empty()) error_ = std::strerror(errno);
  fd_ = -1;
  if (!error_.empty()) {
    *error = error_;
    return false;
  }
  // The new name must survive a crash, too.
  if (const int fd = ::open(folder_of(path_).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); fd >= 0) {
    ::fsync(fd);
    ::close(fd);
  }
  return true;
}

}  // namespace kaogong::csv
