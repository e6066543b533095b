#include "engine/job_result.h"

#include <nlohmann/json.hpp>

#include "base/files.h"
#include "engine/state_json.h"
#include "engine/training_process.h"
#include "models/assemble.h"

namespace hone {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kLargestResult = 16u << 20;

Result<Json> PieceJson(const LiveStore& store, const FittedPiece& piece) {
  HONE_ASSIGN_OR_RETURN(const std::string address, store.artifacts.Put(piece.bytes));
  return Json{{"recipe", piece.recipe},
              {"format", piece.format},
              {"file", address},
              {"columns", piece.columns},
              {"offset", piece.offset_column}};
}

Result<Json> FitJson(const LiveStore& store, const Result<FittedRecipe>& fit) {
  if (!fit.ok()) return Json{{"code", static_cast<int>(fit.error().code)}, {"error", fit.error().ToString()}};
  Json pieces = Json::array();
  for (const FittedPiece& piece : fit->pieces) {
    HONE_ASSIGN_OR_RETURN(Json stored, PieceJson(store, piece));
    pieces.push_back(std::move(stored));
  }
  return Json{{"rows", fit->rows}, {"pieces", std::move(pieces)}};
}

Result<FittedRecipe> FitFrom(const LiveStore& store, const Json& json, std::size_t width) {
  if (json.contains("error")) {
    return Error{static_cast<ErrorCode>(json.at("code").get<int>()), json.at("error").get<std::string>()};
  }
  FittedRecipe fitted;
  fitted.rows = json.at("rows");
  for (const Json& stored : json.at("pieces")) {
    FittedPiece piece;
    piece.recipe = stored.at("recipe");
    piece.format = stored.at("format");
    HONE_ASSIGN_OR_RETURN(piece.bytes, store.artifacts.Get(stored.at("file").get<std::string>()));
    piece.columns = stored.at("columns").get<std::vector<std::uint32_t>>();
    piece.offset_column = stored.at("offset");
    fitted.pieces.push_back(std::move(piece));
  }
  HONE_ASSIGN_OR_RETURN(fitted.model, AssembleModel(fitted.pieces, width));
  return fitted;
}

}  // namespace

std::filesystem::path JobResultPath(const std::filesystem::path& folder, std::int64_t id) {
  return folder / "jobs" / (std::to_string(id) + ".json");
}

std::string WriteJobSpecification(const TrainingJob& job) { return ToJson(job).dump(); }

Result<TrainingJob> ReadJobSpecification(const std::string& text) {
  try {
    return JobFrom(Json::parse(text));
  } catch (const nlohmann::json::exception& error) {
    return Error{ErrorCode::kCorrupt, std::string("job specification: ") + error.what()};
  }
}

Status WriteJobResult(const LiveStore& store, std::int64_t id, const std::vector<FitPointer>& fits) {
  Json result = {{"version", 1}, {"fits", Json::array()}};
  for (const FitPointer& fit : fits) {
    HONE_ASSIGN_OR_RETURN(Json json, FitJson(store, *fit));
    result["fits"].push_back(std::move(json));
  }
  HONE_RETURN_IF_ERROR(EnsureFolder(store.folder / "jobs"));
  return WriteFileAtomically(JobResultPath(store.folder, id), result.dump());
}

Result<TrainingResult> ReadJobResult(const LiveStore& store, std::int64_t id, const TrainingJob& job,
                                     std::size_t width) {
  const std::filesystem::path path = JobResultPath(store.folder, id);
  HONE_ASSIGN_OR_RETURN(const std::string text, ReadFile(path, kLargestResult));
  try {
    const Json json = Json::parse(text);
    if (json.at("version") != 1 || json.at("fits").size() != job.fits.size()) {
      return Error{ErrorCode::kCorrupt, "is not the result of this job", path.string()};
    }
    TrainingResult result;
    result.job = job;
    for (const Json& fit : json.at("fits")) {
      result.fits.push_back(std::make_shared<const Result<FittedRecipe>>(FitFrom(store, fit, width)));
    }
    return result;
  } catch (const nlohmann::json::exception& error) {
    return Error{ErrorCode::kCorrupt, error.what(), path.string()};
  }
}

TrainingResult FailedResult(const TrainingJob& job, const Error& error) {
  TrainingResult result;
  result.job = job;
  result.fits.assign(job.fits.size(), std::make_shared<const Result<FittedRecipe>>(error));
  return result;
}

}  // namespace hone
