#include <atomic>
#include <memory>
#include <utility>

#include "api/model_name.h"
#include "api/record_json.h"
#include "api/registration_request.h"
#include "api/routes.h"
#include "registry/model_file_version.h"
#include "registry/version_number.h"
#include "wire/json.h"
#include "wire/json_fields.h"

namespace hone {
namespace {

// Files being read at once: each takes several times its size in memory.
constexpr int kMostFiles = 4;

// The request has its shape; whatever is wrong with the file in it is a matter of what it holds.
Error OfTheFile(Error error) {
  if (error.code == ErrorCode::kInvalidArgument || error.code == ErrorCode::kCorrupt) {
    error.code = ErrorCode::kInvalidData;
  }
  return error;
}

// A registration with its file read, for the engine to carry out.
struct FileRegistration {
  RegistrationRequest request;
  FileContent content;
};

Result<FileRegistration> ReadWithFile(const std::string& body) {
  FileRegistration read;
  HONE_ASSIGN_OR_RETURN(read.request, ReadRegistration(body));
  Result<FileContent> content = ReadFileContent(read.request.version.bytes, read.request.version.source);
  if (!content.ok()) return OfTheFile(content.error());
  read.content = std::move(content).value();
  return read;
}

Result<std::string> Register(LiveEngine& core, FileRegistration& read) {
  read.request.version.created = core.now();
  const Result<VersionRecord> record = core.Register(read.request.version, read.content, read.request.activate);
  if (!record.ok()) return OfTheFile(record.error());
  JsonWriter json;
  WriteVersion(*record, json);
  return json.Take();
}

// Reads files on the worker, a few at a time, so that neither predictions nor the store wait for a large one.
class Registrar {
 public:
  Registrar(LiveEngine& engine, Executor& worker) : engine_(&engine), worker_(&worker) {}

  void Take(const HttpRequest& request, const Answer& answer) const {
    if (reading_->fetch_add(1) >= kMostFiles) {
      reading_->fetch_sub(1);
      return answer.Send(Error{ErrorCode::kUnavailable, "other files are being registered; try again"});
    }
    worker_->Submit([engine = engine_, answer, reading = reading_, request = std::make_shared<HttpRequest>(request)] {
      Carry(*engine, *request, answer);
      reading->fetch_sub(1);
    });
  }

 private:
  static void Carry(LiveEngine& engine, const HttpRequest& request, const Answer& answer) {
    Result<FileRegistration> read = ReadWithFile(request.body);
    if (!read.ok()) return answer.Send(read.error());
    const auto registration = std::make_shared<FileRegistration>(std::move(read).value());
    AskOnce(engine, request, answer, [registration](LiveEngine& core) { return Register(core, *registration); });
  }

  LiveEngine* engine_;
  Executor* worker_;
  std::shared_ptr<std::atomic<int>> reading_ = std::make_shared<std::atomic<int>>(0);
};

struct Winner {
  std::string model, version;
};

Result<Winner> ReadWinner(const HttpRequest& request) {
  HONE_ASSIGN_OR_RETURN(const JsonValue json, ParseJson(request.body, {.source = request.path, .bytes = 64U << 10}));
  JsonFields fields(json, request.path);
  Winner winner;
  ReadModelName(fields, "model", winner.model);
  fields.Require("version");
  fields.Read("version", winner.version);
  HONE_RETURN_IF_ERROR(fields.Finish());
  HONE_RETURN_IF_ERROR(ParseVersionNumber(winner.version));
  return winner;
}

std::string PromotedJson(const Winner& winner) {
  JsonWriter json;
  json.BeginMap().Member("model", winner.model).Member("done", "promoted");
  json.Member("active_version", winner.version).EndMap();
  return json.Take();
}

}  // namespace

void AddRegisterRoutes(RouteTable& routes, LiveEngine& engine, Executor& worker) {
  routes.Post(std::string(kRegisterPath), AccessRole::kOperate,
              [registrar = Registrar(engine, worker)](const HttpRequest& request, const PathParameters&,
                                                      const Answer& answer) { registrar.Take(request, answer); });
  routes.Post("/models/promote-winner", AccessRole::kOperate,
              [&engine](const HttpRequest& request, const PathParameters&, const Answer& answer) {
                const Result<Winner> winner = ReadWinner(request);
                if (!winner.ok()) return answer.Send(winner.error());
                AskOnce(engine, request, answer, [winner = *winner](LiveEngine& core) -> Result<std::string> {
                  HONE_RETURN_IF_ERROR(core.PromoteWinner(winner.model, winner.version));
                  return PromotedJson(winner);
                });
              });
}

}  // namespace hone
