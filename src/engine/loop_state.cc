// The improvement loop's checkpoint: everything it would miss after a restart but history and pending rows, which are
// rows of the store.
#include <map>
#include <nlohmann/json.hpp>

#include "engine/improvement_loop.h"

namespace hone {
namespace {

using Json = nlohmann::ordered_json;

Json ToJson(const PairedEvidenceProcess::State& state) {
  Json levels = Json::array();
  for (const auto& level : state.levels) {
    levels.push_back(
        {level.means.count(), level.means.mean(), level.means.sum_of_squares(), level.waiting, level.has_waiting});
  }
  return {{"finite", state.finite}, {"rows", state.rows},           {"in_block", state.in_block},
          {"sum", state.sum},       {"block_sum", state.block_sum}, {"recent", state.recent},
          {"levels", levels}};
}

PairedEvidenceProcess::State PairedFrom(const Json& json) {
  PairedEvidenceProcess::State state{json.at("finite"),
                                     json.at("rows"),
                                     json.at("in_block"),
                                     json.at("sum"),
                                     json.at("block_sum"),
                                     json.at("recent"),
                                     {}};
  for (const Json& level : json.at("levels")) {
    state.levels.push_back(
        {RunningMoments::FromStored(level.at(0), level.at(1), level.at(2)), level.at(3), level.at(4)});
  }
  return state;
}

Json ToJson(const Championship::State& state) {
  Json json = {{"number", state.number}, {"starts", state.starts}, {"running", Json::array()}};
  for (const Championship::Start& start : state.running) {
    Json lines = Json::array();
    for (const PairedEvidenceProcess& line : start.lines) lines.push_back(ToJson(line.state()));
    json["running"].push_back({{"number", start.number}, {"lines", lines}});
  }
  return json;
}

Championship::State ChampionshipFrom(const Json& json, int horizon) {
  Championship::State state{json.at("number"), json.at("starts"), {}};
  for (const Json& stored : json.at("running")) {
    Championship::Start start{stored.at("number"), {}};
    for (const Json& line : stored.at("lines")) {
      start.lines.emplace_back(horizon);
      start.lines.back().Restore(PairedFrom(line));
    }
    state.running.push_back(std::move(start));
  }
  return state;
}

Json ToJson(const LossRecord::State& state) {
  return {{"count", state.count}, {"sum", state.sum}, {"highest", state.highest}, {"recent", state.recent}};
}

LossRecord::State LossRecordFrom(const Json& json) {
  return {json.at("count"), json.at("sum"), json.at("highest"), json.at("recent")};
}

Json ToJson(const RetrainingTriggers::State& state) {
  return {{"reference_mean", state.range.reference_mean},
          {"reference_highest", state.range.reference_highest},
          {"recent", ToJson(state.range.recent)},
          {"drift", static_cast<int>(state.drift)},
          {"requested", state.requested},
          {"last_rows", state.last_rows},
          {"retrainings", state.retrainings},
          {"alarms_in_a_row", state.alarms_in_a_row}};
}

RetrainingTriggers::State TriggersFrom(const Json& json) {
  return {{json.at("reference_mean"), json.at("reference_highest"), LossRecordFrom(json.at("recent"))},
          static_cast<Severity>(json.at("drift").get<int>()),
          json.at("requested"),
          json.at("last_rows"),
          json.at("retrainings"),
          json.at("alarms_in_a_row")};
}

Json ToJson(const TrainedVersion& version) {
  return {{"number", {version.number.major_number, version.number.minor_number, version.number.patch_number}},
          {"recipe", version.recipe},
          {"parent", version.parent},
          {"change", static_cast<int>(version.change)},
          {"begin", version.begin},
          {"end", version.end},
          {"low", version.range.low},
          {"high", version.range.high},
          {"seed", version.seed},
          {"created", version.created}};
}

TrainedVersion VersionFrom(const Json& json) {
  TrainedVersion version;
  const Json& number = json.at("number");
  version.number = {number.at(0), number.at(1), number.at(2)};
  version.name = version.number.ToString();
  version.recipe = json.at("recipe");
  version.parent = json.at("parent");
  version.change = static_cast<ChangeType>(json.at("change").get<int>());
  version.begin = json.at("begin");
  version.end = json.at("end");
  version.range = {json.at("low"), json.at("high")};
  version.seed = json.at("seed");
  version.created = json.at("created");
  return version;
}

Json ToJson(const TrainingJob& job) {
  Json fits = Json::array();
  for (const JobFit& fit : job.fits) fits.push_back({fit.recipe, fit.end});
  return {{"number", job.number},
          {"trigger", static_cast<int>(job.trigger.kind)},
          {"rows", job.trigger.rows},
          {"reason", job.trigger.reason},
          {"requested", job.requested},
          {"seed", job.seed},
          {"fits", fits}};
}

TrainingJob JobFrom(const Json& json) {
  TrainingJob job;
  job.number = json.at("number");
  job.trigger.kind = static_cast<TriggerKind>(json.at("trigger").get<int>());
  job.trigger.rows = json.at("rows");
  job.trigger.reason = json.at("reason");
  job.requested = json.at("requested");
  job.seed = json.at("seed");
  for (const Json& fit : json.at("fits")) job.fits.push_back({fit.at(0), fit.at(1)});
  return job;
}

std::string NameOf(const VersionPointer& version) { return version ? version->name : ""; }

Json ToJson(const Line& line) {
  const PracticeLicence::State practice = line.practice.state();
  return {{"current", NameOf(line.current)},
          {"replaced", NameOf(line.replaced)},
          {"held", practice.held},
          {"practice_rows", practice.rows},
          {"practice", ToJson(practice.differences)},
          {"twin", line.twins.largest()},
          {"losses", ToJson(line.losses.state())},
          {"recent_losses", line.recent_losses},
          {"major", line.major},
          {"minor", line.minor}};
}

// Versions by name, each loaded once.
class Versions {
 public:
  Versions(const Json& stored, const ImprovementLoop::ModelLoader& load) : stored_(stored), load_(load) {}

  VersionPointer Find(const std::string& name) {
    if (name.empty() || failed_) return nullptr;
    if (const auto known = known_.find(name); known != known_.end()) return known->second;
    auto version = std::make_shared<TrainedVersion>(VersionFrom(stored_.at(name)));
    Result<ModelPointer> model = load_(name);
    if (!model.ok()) {
      failed_ = model.error();
      return nullptr;
    }
    version->model = std::move(model).value();
    known_[name] = version;
    return version;
  }
  const std::optional<Error>& failed() const { return failed_; }

 private:
  const Json& stored_;
  const ImprovementLoop::ModelLoader& load_;
  std::map<std::string, VersionPointer> known_;
  std::optional<Error> failed_;
};

}  // namespace

std::string ImprovementLoop::SaveState() const {
  Json state;
  Json versions = Json::object();
  const auto keep = [&](const VersionPointer& version) {
    if (version) versions[version->name] = ToJson(*version);
    return NameOf(version);
  };
  state["version"] = 1;
  state["history_rows"] = history_.rows();
  state["last_consumed"] = last_consumed_.ToString();
  state["champion"] = keep(champion_);
  state["anchor"] = keep(anchor_);
  state["incumbent"] = keep(incumbent_);
  state["champion_line"] = champion_line_;
  state["frozen"] = frozen_;
  state["begun"] = begun_;
  state["jobs"] = jobs_;
  state["highest_major"] = highest_major_;
  state["watches"] = watches_;
  state["rollbacks_in_a_row"] = rollbacks_in_a_row_;
  state["needs_person"] = needs_person_;
  state["persistence_wins_since"] = persistence_wins_since_;
  state["counts"] = {counts_.retrains, counts_.fits, counts_.promotions, counts_.rollbacks, counts_.rejections};
  if (job_running_) state["job"] = ToJson(job_);
  state["lines"] = Json::array();
  for (const Line& line : lines_) {
    keep(line.current);
    keep(line.replaced);
    state["lines"].push_back(ToJson(line));
  }
  state["championship"] = ToJson(championship_.state());
  state["triggers"] = ToJson(triggers_.state());
  if (rollout_) {
    state["rollout"] = {{"version", keep(rollout_->version)},
                        {"question", static_cast<int>(rollout_->question)},
                        {"line", rollout_->line},
                        {"step", rollout_->steps.step()},
                        {"scored", rollout_->steps.scored()},
                        {"evidence", rollout_->evidence}};
  }
  if (watch_) {
    const HarmGuard::State guard = watch_->guard.state();
    state["watch"] = {{"watched", keep(watch_->watched)},
                      {"replaced", keep(watch_->replaced)},
                      {"line", watch_->line},
                      {"against_replaced", ToJson(guard.against_replaced)},
                      {"against_anchor", ToJson(guard.against_anchor)},
                      {"promoted", watch_->promoted},
                      {"outcomes", watch_->outcomes}};
  }
  state["versions"] = std::move(versions);
  return state.dump();
}

Status ImprovementLoop::RestoreState(std::string_view text, const ModelLoader& load) {
  // The text is our own, read back from the store: a missing key means a damaged checkpoint.
  const auto damaged = [&](const std::string& what) {
    return Error{ErrorCode::kCorrupt, "checkpoint of model " + model_.name + " is damaged: " + what, "", 0, ""};
  };
  try {
    const Json state = Json::parse(text);
    if (state.at("version") != 1) return damaged("unknown version");
    if (state.at("history_rows").get<std::size_t>() != history_.rows()) return damaged("its rows are not all there");
    if (state.at("lines").size() != lines_.size()) return damaged("it has other recipes than the model");
    Versions versions(state.at("versions"), load);
    HONE_ASSIGN_OR_RETURN(last_consumed_, ParseId(state.at("last_consumed").get<std::string>()));
    champion_ = versions.Find(state.at("champion"));
    anchor_ = versions.Find(state.at("anchor"));
    incumbent_ = versions.Find(state.at("incumbent"));
    champion_line_ = state.at("champion_line");
    frozen_ = state.at("frozen");
    begun_ = state.at("begun");
    jobs_ = state.at("jobs");
    highest_major_ = state.at("highest_major");
    watches_ = state.at("watches");
    rollbacks_in_a_row_ = state.at("rollbacks_in_a_row");
    needs_person_ = state.at("needs_person");
    persistence_wins_since_ = state.at("persistence_wins_since");
    const Json& counts = state.at("counts");
    counts_ = {counts.at(0), counts.at(1), counts.at(2), counts.at(3), counts.at(4)};
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      const Json& stored = state.at("lines").at(i);
      Line& line = lines_[i];
      line.current = versions.Find(stored.at("current"));
      line.replaced = versions.Find(stored.at("replaced"));
      line.practice.Restore({stored.at("held"), stored.at("practice_rows"), PairedFrom(stored.at("practice"))});
      line.twins = TwinRecord(policy_.retraining.twin_ratio);
      if (const double largest = stored.at("twin"); largest > 0) line.twins.Add(largest);
      line.losses.Restore(LossRecordFrom(stored.at("losses")));
      line.recent_losses = stored.at("recent_losses").get<std::deque<double>>();
      line.major = stored.at("major");
      line.minor = stored.at("minor");
    }
    championship_.Restore(ChampionshipFrom(state.at("championship"), model_.horizon));
    triggers_.Restore(TriggersFrom(state.at("triggers")));
    if (state.contains("rollout")) {
      const Json& stored = state.at("rollout");
      rollout_.emplace(Rollout{versions.Find(stored.at("version")),
                               static_cast<Question>(stored.at("question").get<int>()), stored.at("line"),
                               RolloutSteps(policy_.rollout.steps, policy_.rollout.step_predictions),
                               stored.at("evidence")});
      rollout_->steps.Restore(stored.at("step"), stored.at("scored"));
    }
    if (state.contains("watch")) {
      const Json& stored = state.at("watch");
      HarmGuard guard(model_.horizon, policy_.rollout.refresh_margin, policy_.rollout.alpha);
      guard.Restore({PairedFrom(stored.at("against_replaced")), PairedFrom(stored.at("against_anchor"))});
      watch_.emplace(Watch{versions.Find(stored.at("watched")), versions.Find(stored.at("replaced")), stored.at("line"),
                           std::move(guard), stored.at("promoted"), stored.at("outcomes")});
    }
    if (versions.failed()) return *versions.failed();
    if (champion_) RestoreReferences();
    if (state.contains("job")) {
      job_ = JobFrom(state.at("job"));
      job_running_ = true;
      services_.training->Start(job_, history_);
    }
  } catch (const nlohmann::json::exception& error) {
    return damaged(error.what());
  }
  return OkStatus();
}

void ImprovementLoop::RestoreReferences() {
  drift_.SetReference(history_, champion_->begin, champion_->end, *champion_->model,
                      lines_[static_cast<std::size_t>(champion_line_)].recent_losses);
  const std::size_t window = std::min(history_.rows(), static_cast<std::size_t>(policy_.drift.window));
  for (std::size_t i = std::max(history_.rows() - window, FirstUnseen(champion_->end)); i < history_.rows(); ++i) {
    const double answer = champion_->model->Predict(history_.row(i));
    drift_.OnRow(history_.row(i), answer, (answer - history_.y[i]) * (answer - history_.y[i]));
  }
  RebuildLiveSet();
}

}  // namespace hone
