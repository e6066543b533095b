// libraries: learning wire load
// One prediction over HTTP (JSON in and out, 30 features, 100 trees of depth 6): `hone serve`, which stores each
// prediction durably, beside nginx answering a constant and beside Python services of the same model. Every server has
// one core, the load generator another (load/http_load.h), and the servers take turns; figures are medians over the
// turns. Printed: answers a second when 32 connections ask as fast as they are answered, the ratio to nginx in the same
// turn, and latencies when half as many requests fall due at random moments (open loop), which count from those
// moments.
//
// Checked in all of them: every answer of hone holds exactly the number that `hone predict` prints for the row, nginx's
// the same bytes as one of hone's, and the others' that number within 1e-6, since they compute with floats.
//
// MLServer is asked by the Open Inference Protocol, the only one it speaks.
//
//   http_bench [turns]
#include <fmt/format.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/random.h"
#include "base/result.h"
#include "learning/learners.h"
#include "load/http_load.h"
#include "load/server_process.h"
#include "wire/http_client.h"

namespace {

namespace fs = std::filesystem;
using hone::bench::HttpLoad;
using hone::bench::HttpLoadResult;
using hone::bench::ServerProcess;

constexpr std::size_t kWidth = 30, kTrainRows = 20'000, kRows = 256;
constexpr int kConnections = 32;
constexpr double kSeconds = 2;
const char* const kTarget = "/predict/single";

[[noreturn]] void Fail(const std::string& what) {
  fmt::print(stderr, "http_bench: {}\n", what);
  std::exit(1);
}

template <typename T>
T Need(hone::Result<T> result) {
  if (!result.ok()) Fail(result.error().ToString());
  return std::move(result).value();
}

class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "hone_http_XXXXXX").string();
    path_ = mkdtemp(name.data());
    // nginx's worker may run as another user.
    fs::permissions(path_, fs::perms::owner_all | fs::perms::others_exec);
  }
  ~Folder() { fs::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  fs::path operator/(const char* name) const { return path_ / name; }

 private:
  fs::path path_;
};

void Write(const fs::path& path, const std::string& text) { std::ofstream(path, std::ios::binary) << text; }

// What a command prints.
std::string OutputOf(const std::string& command) {
  FILE* const pipe = popen(command.c_str(), "r");
  std::string output;
  char buffer[4096];
  while (const std::size_t got = fread(buffer, 1, sizeof buffer, pipe)) output.append(buffer, got);
  if (pclose(pipe) != 0) Fail("'" + command + "' failed");
  return output;
}

std::string Program() { return fs::read_symlink("/proc/self/exe").parent_path() / "hone"; }

std::optional<double> NumberAt(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() ? std::optional(number) : std::nullopt;
}

// The number that comes after `name` in an answer.
std::optional<double> ValueIn(std::string_view body, std::string_view name = "\"value\":") {
  const std::size_t at = body.find(name);
  return at == body.npos ? std::nullopt : NumberAt(body.substr(at + name.size()));
}

hone::Dataset MakeTrainingSet() {
  hone::Dataset data;
  hone::Random random(1);
  for (std::size_t j = 0; j < kWidth; ++j) data.names.push_back(fmt::format("f{}", j));
  for (std::size_t i = 0; i < kTrainRows; ++i) {
    double y = random.Normal();
    for (std::size_t j = 0; j < kWidth; ++j) {
      data.x.push_back(static_cast<float>(random.Normal()));
      if (j < 5) y += data.x.back();
    }
    data.y.push_back(y > 0 ? 1 : 0);
    data.time.push_back(static_cast<hone::Time>(i));
    data.label_time.push_back(static_cast<hone::Time>(i + 1));
  }
  return data;
}

// The rows that are asked, as text: of a CSV and of JSON.
struct Rows {
  std::string csv;
  std::vector<std::string> arrays;
};

Rows MakeRows() {
  hone::Random random(2);
  Rows rows;
  for (std::size_t j = 0; j < kWidth; ++j) rows.csv += fmt::format("{}f{}", j == 0 ? "" : ",", j);
  for (std::size_t i = 0; i < kRows; ++i) {
    std::string row;
    for (std::size_t j = 0; j < kWidth; ++j) row += fmt::format("{}{:.6f}", j == 0 ? "" : ",", random.Normal());
    rows.csv += "\n" + row;
    rows.arrays.push_back("[" + row + "]");
  }
  return rows;
}

// A model of a learner, its file, and what `hone predict` answers to each row.
struct Model {
  fs::path file;
  std::vector<double> values;
};

std::optional<Model> MakeModel(const char* learner_name, const Folder& folder) {
  const hone::Learner* const learner = hone::FindLearner(learner_name);
  if (learner == nullptr) return std::nullopt;
  const hone::FittedModel fitted = Need(learner->Fit(
      MakeTrainingSet(), hone::Objective::kBinary,
      {{"trees", 100},
       {"max_depth", 6},
       std::string(learner_name) == "lightgbm" ? std::pair{"leaves", 64.0} : std::pair{"min_child_weight", 1.0}},
      1));
  Model model{folder / learner_name, {}};
  Write(model.file, fitted.bytes);
  const std::string lines = OutputOf(fmt::format("'{}' predict --model '{}' --data '{}'", Program(),
                                                 model.file.string(), (folder / "rows.csv").string()));
  for (std::size_t at = 0; at < lines.size(); at = lines.find('\n', at) + 1) {
    model.values.push_back(NumberAt(std::string_view(lines).substr(at)).value_or(std::nan("")));
  }
  if (model.values.size() != kRows) Fail("hone predict did not answer each row");
  return model;
}

// A server and what it did in each turn.
struct Contender {
  std::string name;
  std::unique_ptr<ServerProcess> process;
  HttpLoad load;
  std::vector<HttpLoadResult> saturated, at_half;
};

std::vector<std::string> Requests(const Rows& rows) {
  std::vector<std::string> requests;
  for (const std::string& array : rows.arrays) {
    requests.push_back(hone::bench::JsonPost(kTarget, R"({"model":"m","features":)" + array + "}"));
  }
  return requests;
}

Contender Start(std::string name, std::vector<std::string> requests, const ServerProcess::Command& command, int port) {
  Contender contender{
      std::move(name), std::make_unique<ServerProcess>(command), {port, std::move(requests), {}}, {}, {}};
  if (const hone::Status up = contender.process->Await(port); !up.ok()) Fail(up.error().ToString());
  return contender;
}

Contender StartHone(const Model& model, const Rows& rows, const Folder& folder, int core) {
  const std::string state = folder / "state";
  OutputOf(
      fmt::format("'{}' models register m --file '{}' --activate --dir '{}'", Program(), model.file.string(), state));
  const int port = hone::bench::FreePort();
  Contender contender = Start("hone", Requests(rows),
                              {{Program(), "serve", "--dir", state, "--port", std::to_string(port), "--threads", "1"},
                               {},
                               folder / "hone.log",
                               core},
                              port);
  contender.load.is_right = [values = model.values](std::size_t row, std::string_view body) {
    return ValueIn(body) == values[row];
  };
  return contender;
}

// nginx as tools/setup takes it out of Debian's package, or the machine's own.
std::string NginxProgram() {
  const std::string fetched = HONE_ROOT "/.deps/bin/nginx";
  return fs::exists(fetched) ? fetched : "nginx";
}

// Answers what hone answers to the first row. One process, like each of the others.
Contender StartNginx(const std::string& constant, const Rows& rows, const Folder& folder, int core) {
  const int port = hone::bench::FreePort();
  const std::string root = folder / "nginx/";
  fs::create_directory(root);
  std::string folders;
  for (const char* of : {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"}) {
    folders += fmt::format("{}_temp_path {}{}; ", of, root, of);
  }
  Write(root + "conf", fmt::format("daemon off; master_process off; pid {0}pid; error_log {0}log; "
                                   "events {{ worker_connections 1024; }}\n"
                                   "http {{ {1} access_log off; keepalive_requests 100000000;\n"
                                   "server {{ listen 127.0.0.1:{2}; location / {{ default_type application/json; "
                                   "return 200 '{3}'; }} }} }}\n",
                                   root, folders, port, constant));
  Contender contender = Start(
      "nginx, constant", Requests(rows),
      {{NginxProgram(), "-e", root + "log", "-p", root, "-c", root + "conf"}, {}, folder / "nginx.log", core}, port);
  contender.load.is_right = [constant](std::size_t, std::string_view body) { return body == constant; };
  return contender;
}

// Whether the number after `name` is the row's, but for what floats round away.
std::function<bool(std::size_t, std::string_view)> IsNear(std::vector<double> values, std::string_view name) {
  return [values = std::move(values), name](std::size_t row, std::string_view body) {
    const std::optional<double> value = ValueIn(body, name);
    return value && std::abs(*value - values[row]) <= 1e-6;
  };
}

Contender StartFastApi(const std::string& library, const Model& model, const Rows& rows, const Folder& folder,
                       int core) {
  const std::string root = HONE_ROOT;
  const int port = hone::bench::FreePort();
  Contender contender =
      Start("FastAPI, " + library, Requests(rows),
            {{root + "/.deps/python/bin/python", "-m", "uvicorn", "--app-dir", root + "/bench/peers", "--port",
              std::to_string(port), "--loop", "uvloop", "--http", "httptools", "--no-access-log", "predict_app:app"},
             {"PYTHONPATH=" + root + "/.deps/peers", "PYTHONDONTWRITEBYTECODE=1", "OMP_NUM_THREADS=1",
              "PEER_LIBRARY=" + library, "PEER_MODEL=" + model.file.string()},
             folder / (library + ".log").c_str(),
             core},
            port);
  contender.load.is_right = IsNear(model.values, "\"value\":");
  return contender;
}

// MLServer in its default settings but for the processes it shares one core with: its model is in the process that
// listens, and it prints nothing for each request.
Contender StartMlServer(const Model& model, const Rows& rows, const Folder& folder, int core) {
  const fs::path root = folder / "mlserver", python = HONE_ROOT "/.deps/python/bin/python";
  const int port = hone::bench::FreePort(), grpc_port = hone::bench::FreePort(), metrics_port = hone::bench::FreePort();
  fs::create_directory(root);
  fs::copy_file(model.file, root / "model.ubj");
  Write(root / "settings.json",
        fmt::format(R"({{"host":"127.0.0.1","http_port":{},"grpc_port":{},"metrics_port":{},"parallel_workers":0,)"
                    R"("debug":false,"use_structured_logging":false}})",
                    port, grpc_port, metrics_port));
  Write(root / "model-settings.json",
        R"({"name":"m","implementation":"mlserver_xgboost.XGBoostModel","parameters":{"uri":"./model.ubj"}})");
  std::vector<std::string> requests;
  for (const std::string& array : rows.arrays) {
    requests.push_back(hone::bench::JsonPost(
        "/v2/models/m/infer",
        fmt::format(R"({{"inputs":[{{"name":"predict","shape":[1,{}],"datatype":"FP32","data":{}}}]}})", kWidth,
                    array)));
  }
  Contender contender =
      Start("MLServer, xgboost", std::move(requests),
            {{python.string(), HONE_ROOT "/.deps/mlserver/bin/mlserver", "start", root.string()},
             {"PYTHONPATH=" HONE_ROOT "/.deps/mlserver", "PYTHONDONTWRITEBYTECODE=1", "OMP_NUM_THREADS=1"},
             folder / "mlserver.log",
             core},
            port);
  contender.load.is_right = IsNear(model.values, "\"data\":[");
  return contender;
}

double Median(const std::vector<HttpLoadResult>& turns, const std::function<double(const HttpLoadResult&)>& figure) {
  std::vector<double> figures;
  for (const HttpLoadResult& turn : turns) figures.push_back(figure(turn));
  std::ranges::sort(figures);
  return figures.empty() ? 0 : figures[figures.size() / 2];
}

double MedianRate(const Contender& contender) {
  return Median(contender.saturated, [](const HttpLoadResult& turn) { return turn.rate(); });
}

// The first contender is nginx. A short turn that does not count comes before the others.
void TakeTurns(std::vector<Contender>& contenders, int turns) {
  for (Contender& contender : contenders) Need(RunClosedLoop(contender.load, kConnections, kSeconds / 4));
  for (int turn = 0; turn < turns; ++turn) {
    for (Contender& contender : contenders) {
      contender.saturated.push_back(Need(RunClosedLoop(contender.load, kConnections, kSeconds)));
    }
  }
  for (int turn = 0; turn < turns; ++turn) {
    for (Contender& contender : contenders) {
      contender.at_half.push_back(Need(RunOpenLoop(contender.load, kConnections, MedianRate(contender) / 2, kSeconds,
                                                   static_cast<std::uint64_t>(turn))));
    }
  }
}

double MedianRatio(const Contender& contender, const Contender& peer) {
  std::vector<double> ratios;
  for (std::size_t i = 0; i < contender.saturated.size(); ++i) {
    ratios.push_back(contender.saturated[i].rate() / peer.saturated[i].rate());
  }
  std::ranges::sort(ratios);
  return ratios[ratios.size() / 2];
}

bool Print(const std::vector<Contender>& contenders) {
  bool equal = true;
  fmt::print("{:<20} {:>10} {:>9} | half load: {:>9} {:>9} | answers\n", "one core each", "answers/s", "of nginx",
             "p50 us", "p99 us");
  for (const Contender& contender : contenders) {
    std::int64_t answers = 0, wrong = 0;
    for (const auto* turns : {&contender.saturated, &contender.at_half}) {
      for (const HttpLoadResult& turn : *turns) answers += turn.answers, wrong += turn.wrong;
    }
    equal = equal && wrong == 0;
    const auto latency = [&contender](double q) {
      return Median(contender.at_half, [q](const HttpLoadResult& turn) { return turn.Quantile(q); });
    };
    fmt::print("{:<20} {:>10.0f} {:>9.2f} | {:>20.0f} {:>9.0f} | {}, {} wrong\n", contender.name, MedianRate(contender),
               MedianRatio(contender, contenders.front()), latency(0.5), latency(0.99), answers, wrong);
  }
  return equal;
}

std::string AnswerOf(const Contender& contender, const Rows& rows) {
  hone::HttpClient client("127.0.0.1", contender.load.port);
  return Need(client.Post(kTarget, R"({"model":"m","features":)" + rows.arrays[0] + "}")).body;
}

std::vector<Contender> StartAll(const Rows& rows, const Folder& folder, int core) {
  const std::optional<Model> xgboost = MakeModel("xgboost", folder), lightgbm = MakeModel("lightgbm", folder);
  if (!xgboost) Fail("XGBoost, which trains the model, is not in this build");
  Contender hone = StartHone(*xgboost, rows, folder, core);
  std::vector<Contender> contenders;
  contenders.push_back(StartNginx(AnswerOf(hone, rows), rows, folder, core));
  contenders.push_back(std::move(hone));
  if (!fs::exists(HONE_ROOT "/.deps/peers")) {
    fmt::print("no Python services: tools/setup bench fetches them\n");
    return contenders;
  }
  contenders.push_back(StartFastApi("xgboost", *xgboost, rows, folder, core));
  if (lightgbm) contenders.push_back(StartFastApi("lightgbm", *lightgbm, rows, folder, core));
  if (fs::exists(HONE_ROOT "/.deps/mlserver")) contenders.push_back(StartMlServer(*xgboost, rows, folder, core));
  return contenders;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<int> cores = hone::bench::UsableCores();
  if (cores.size() < 2) fmt::print("one core only: servers and load generator share it\n");
  const Folder folder;
  const Rows rows = MakeRows();
  Write(folder / "rows.csv", rows.csv);
  std::vector<Contender> contenders = StartAll(rows, folder, cores.back());
  hone::bench::StayOn(cores.front());
  TakeTurns(contenders, argc > 1 ? std::max(std::atoi(argv[1]), 1) : 5);
  return Print(contenders) ? 0 : 1;
}
