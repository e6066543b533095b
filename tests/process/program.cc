#include "process/program.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "wire/http_client.h"

namespace hone {
namespace {

namespace fs = std::filesystem;
using std::chrono::steady_clock;

constexpr std::chrono::milliseconds kPause(10);

std::string FileText(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string FreshName(const char* kind) {
  static std::atomic<int> number{0};
  return (fs::temp_directory_path() /
          ("hone_" + std::string(kind) + std::to_string(getpid()) + "_" + std::to_string(number++)))
      .string();
}

void Redirect(const std::string& path, int descriptor) {
  const int file = open(path.c_str(), O_CREAT | O_WRONLY | O_TRUNC, 0600);
  dup2(file, descriptor);
}

pid_t Start(const std::vector<std::string>& arguments, const std::string& output, const std::string& errors) {
  std::vector<char*> words = {const_cast<char*>(HONE_PROGRAM)};
  for (const std::string& argument : arguments) words.push_back(const_cast<char*>(argument.c_str()));
  words.push_back(nullptr);
  const pid_t child = fork();
  if (child != 0) return child;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  Redirect(output, STDOUT_FILENO);
  Redirect(errors, STDERR_FILENO);
  execv(HONE_PROGRAM, words.data());
  _exit(127);
}

int CodeOf(int status) { return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status); }

// The exit code once it has ended, -1 when the time is over.
int Await(pid_t child, Duration limit) {
  const auto end = steady_clock::now() + std::chrono::nanoseconds(limit);
  int status = 0;
  while (waitpid(child, &status, WNOHANG) == 0) {
    if (steady_clock::now() > end) return -1;
    std::this_thread::sleep_for(kPause);
  }
  return CodeOf(status);
}

}  // namespace

RunningHone::RunningHone(const std::vector<std::string>& arguments, const std::string& output)
    : output_file_(FreshName("out")), errors_file_(FreshName("err")) {
  child_ = Start(arguments, output.empty() ? output_file_ : output, errors_file_);
}

RunningHone::~RunningHone() {
  Kill();
  fs::remove(output_file_);
  fs::remove(errors_file_);
}

Finished RunningHone::Told(int exit_code) const { return {exit_code, FileText(output_file_), FileText(errors_file_)}; }

Finished RunningHone::Await(Duration limit) {
  if (exit_code_ == -1) exit_code_ = hone::Await(child_, limit);
  return Told(exit_code_);
}

Finished RunningHone::Kill() {
  if (exit_code_ == -1) {
    kill(child_, SIGKILL);
    exit_code_ = hone::Await(child_, 10 * kSecond);
  }
  return Told(exit_code_);
}

Finished RunHone(const std::vector<std::string>& arguments, const std::string& output) {
  return RunningHone(arguments, output).Await(60 * kSecond);
}

ServingHone::ServingHone(const std::string& folder, const std::vector<std::string>& more,
                         const std::string& certificate)
    : errors_file_(FreshName("serve")), certificate_(certificate) {
  std::vector<std::string> arguments = {"serve", "--dir", folder, "--port", "0"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  child_ = Start(arguments, "/dev/null", errors_file_);
  const auto end = steady_clock::now() + std::chrono::seconds(20);
  while (steady_clock::now() < end) {
    if (waitpid(child_, nullptr, WNOHANG) != 0) {
      child_ = -1;
      return;
    }
    if (Ready()) return;
    std::this_thread::sleep_for(kPause);
  }
}

ServingHone::~ServingHone() {
  if (running()) {
    kill(child_, SIGKILL);
    waitpid(child_, nullptr, 0);
  }
  fs::remove(errors_file_);
}

bool ServingHone::Ready() {
  const std::string text = errors();
  const std::string place = certificate_.empty() ? "on http://127.0.0.1:" : "on https://127.0.0.1:";
  const std::size_t at = text.find(place);
  if (at == text.npos || text.find('\n', at) == text.npos) return false;
  port_ = std::atoi(text.c_str() + at + place.size());
  const std::shared_ptr<TlsTrust> trust = certificate_.empty() ? nullptr : TlsTrust::Load(certificate_).value();
  const Result<HttpAnswer> answer = HttpClient("127.0.0.1", port_, kSecond, 1 << 20, trust).Get("/readyz");
  return answer.ok() && answer->status == 200;
}

std::string ServingHone::errors() const { return FileText(errors_file_); }

int ServingHone::End(int signal, Duration limit) {
  kill(child_, signal);
  const int code = Await(child_, limit);
  if (code != -1) child_ = -1;
  return code;
}

}  // namespace hone
