// hone doctor: what this build can do on this machine, and whether a folder is sound.
#include <fmt/format.h>
#include <sqlite3.h>

#include <boost/version.hpp>
#include <filesystem>
#include <fstream>
#include <memory>
#include <thread>

#include "base/files.h"
#include "columnar/parquet_file.h"
#include "engine/live_engine.h"
#include "hone/commands.h"
#include "hone/gpu.h"
#include "hone/output.h"
#include "hone/state_folder.h"
#include "integrations/kafka_library.h"
#include "learning/learners.h"
#include "models/forest/forest_kernel.h"
#include "models/onnx_runtime/onnx_runtime_status.h"
#include "registry/model_artifacts.h"
#include "wire/json_writer.h"

namespace hone {
namespace {

struct Finding {
  std::string subject, state;
  bool sound = true;
};
using Findings = std::vector<Finding>;

std::string CpuModel() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    const std::size_t colon = line.find(": ");
    if (line.rfind("model name", 0) == 0 && colon != line.npos) return line.substr(colon + 2);
  }
  return "unknown";
}

void InspectBuild(Findings& findings) {
  findings.push_back({"hone", HONE_VERSION});
  findings.push_back({"compiler", __VERSION__});
  findings.push_back({"processor", CpuModel() + fmt::format(", {} cores", std::thread::hardware_concurrency())});
  findings.push_back({"forest kernel", std::string(NameOf(BestForestKernel()))});
  findings.push_back({"GPU", FindGpu()});
  findings.push_back({"SQLite", sqlite3_libversion()});
  findings.push_back(
      {"Boost", fmt::format("{}.{}.{}", BOOST_VERSION / 100000, BOOST_VERSION / 100 % 1000, BOOST_VERSION % 100)});
  findings.push_back({"fmt", fmt::format("{}.{}.{}", FMT_VERSION / 10000, FMT_VERSION / 100 % 100, FMT_VERSION % 100)});
  for (const LearnerStatus& learner : AvailableLearners()) {
    findings.push_back(
        {"learner " + learner.name, (learner.available ? "available: " : "left out: ") + learner.detail});
  }
}

void InspectLibrary(const char* subject, const Result<std::string>& library, Findings& findings) {
  findings.push_back({subject, library.ok() ? *library : "left out: " + library.error().message});
}

void InspectOnnxRuntime(Findings& findings) {
  const OnnxRuntimeStatus status = ProbeOnnxRuntime();
  const bool open = status.state == OnnxRuntimeStatus::State::kOpen;
  findings.push_back({"ONNX Runtime", open ? status.version + ": " + status.library : "left out: " + status.reason});
  for (const OnnxProviderStatus& provider : status.providers) {
    findings.push_back(
        {"ONNX on " + provider.name, provider.reason.empty() ? "available" : "left out: " + provider.reason});
  }
}

Finding ServerOf(const std::string& directory) {
  if (!std::filesystem::exists(std::filesystem::path(directory) / "lock")) return {"server", "none"};
  const Result<FileLock> lock = FileLock::Acquire(std::filesystem::path(directory) / "lock");
  return {"server", lock.ok() ? "none" : "a running hone has the folder"};
}

// The active version's artifact is what serving would load.
Finding ArtifactOf(LiveStore& store, const VersionRecord& version) {
  const std::string subject = fmt::format("model {} {}", version.model, version.number.ToString());
  const Result<std::string> manifest = store.artifacts.Get(version.artifact);
  if (!manifest.ok()) return {subject, manifest.error().ToString(), false};
  return {subject, "active, artifact sound"};
}

Status InspectModels(LiveStore& store, Findings& findings) {
  HONE_ASSIGN_OR_RETURN(const std::vector<std::string> names, store.versions.Models());
  for (const std::string& name : names) {
    HONE_ASSIGN_OR_RETURN(const std::optional<VersionRecord> active, store.versions.Active(name));
    findings.push_back(active ? ArtifactOf(store, *active) : Finding{"model " + name, "has no active version", false});
  }
  if (names.empty()) findings.push_back({"models", "none yet"});
  return OkStatus();
}

Status InspectStore(const std::string& directory, Findings& findings) {
  HONE_ASSIGN_OR_RETURN(const std::unique_ptr<LiveStore> store, LiveStore::Open(directory, true));
  HONE_RETURN_IF_ERROR(store->database->CheckIntegrity());
  findings.push_back({"hone.db", "sound"});
  return InspectModels(*store, findings);
}

void InspectFolder(const std::string& directory, Findings& findings) {
  findings.push_back({"folder", std::filesystem::absolute(directory).string()});
  if (!std::filesystem::exists(std::filesystem::path(directory) / "hone.db")) {
    findings.push_back({"hone.db", "none yet: `hone train` makes one"});
    return;
  }
  findings.push_back(ServerOf(directory));
  const Status status = InspectStore(directory, findings);
  if (!status.ok()) findings.push_back({"hone.db", status.error().ToString(), false});
}

std::string FindingsJson(const Findings& findings, bool sound) {
  JsonWriter json;
  json.BeginMap().Member("sound", sound).Key("findings").BeginList();
  for (const Finding& finding : findings) {
    json.BeginMap()
        .Member("subject", finding.subject)
        .Member("state", finding.state)
        .Member("sound", finding.sound)
        .EndMap();
  }
  json.EndList().EndMap();
  return json.Take() + "\n";
}

// Whether everything is sound.
bool Examine(const std::string& directory, bool as_json) {
  Findings findings;
  InspectBuild(findings);
  InspectOnnxRuntime(findings);
  InspectLibrary("Parquet", ProbeParquet(), findings);
  InspectLibrary("Kafka", ProbeKafka(), findings);
  InspectFolder(directory, findings);
  bool sound = true;
  std::vector<std::vector<std::string>> rows;
  for (const Finding& finding : findings) {
    sound = sound && finding.sound;
    rows.push_back({finding.subject, (finding.sound ? "" : "NOT SOUND: ") + finding.state});
  }
  Print(as_json ? FindingsJson(findings, sound) : AlignedTable(rows));
  return sound;
}

}  // namespace

void AddDoctorCommand(Command app) {
  struct DoctorFlags {
    std::string directory = kDefaultFolder, output = "table";
  };
  Command command = app.AddCommand("doctor", "Look at this build, this machine and a folder");
  auto flags = std::make_shared<DoctorFlags>();
  command.AddOption("--dir", flags->directory, "folder of all state").ShowDefault();
  AddOutputOption(command, flags->output);
  command.OnChoice([flags] { return Examine(flags->directory, flags->output == "json") ? 0 : 1; });
}

}  // namespace hone
