// The improvement loop's checkpoint: everything it would miss after a restart but history and pending rows, which are
// rows of the store.
#include <map>

#include "engine/improvement_loop.h"
#include "engine/state_json.h"

namespace hone {
namespace {

using Json = StateJson;

// TwinRecord's largest ratio may be infinite; beyond this it makes no difference.
constexpr double kMostTwinRatio = 1e6;

std::string NameOf(const VersionPointer& version) { return version ? version->name : ""; }

Json ToJson(const Line& line) {
  return {{"current", NameOf(line.current)},
          {"replaced", NameOf(line.replaced)},
          {"practice", ToJson(line.practice.state())},
          {"twin", std::min(line.twins.largest(), kMostTwinRatio)},
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

void RestoreLine(const Json& stored, Versions& versions, double twin_ceiling, Line& line) {
  line.current = versions.Find(stored.at("current"));
  line.replaced = versions.Find(stored.at("replaced"));
  line.practice.Restore(PracticeFrom(stored.at("practice")));
  line.twins = TwinRecord(twin_ceiling);
  line.twins.Add(stored.at("twin"));
  line.losses.Restore(LossRecordFrom(stored.at("losses")));
  line.recent_losses = stored.at("recent_losses").get<std::deque<double>>();
  line.major = stored.at("major");
  line.minor = stored.at("minor");
}

}  // namespace

// One entry for each run of pending rows scored by the same versions.
std::vector<ImprovementLoop::ScoredBefore> ImprovementLoop::PendingLiveSets() const {
  std::vector<ScoredBefore> sets;
  for (const PendingRow& row : pending_) {
    if (sets.empty() || *sets.back().live != *row.live) sets.push_back({row.id, row.live});
    sets.back().until = row.id;
  }
  // A restored loop may be saved again before its rows are all back.
  for (const ScoredBefore& waiting : scored_before_) {
    if (sets.empty() || sets.back().until < waiting.until) sets.push_back(waiting);
  }
  return sets;
}

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
  state["decision_ids"] = ToJson(decision_ids_.state());
  if (job_running_) state["job"] = ToJson(job_);
  state["lines"] = Json::array();
  for (const Line& line : lines_) {
    keep(line.current);
    keep(line.replaced);
    state["lines"].push_back(ToJson(line));
  }
  state["championship"] = ToJson(championship_.state());
  state["standing"] = ToJson(standing_.state());
  state["triggers"] = ToJson(triggers_.state());
  state["drift"] = ToJson(drift_.state());
  if (rollout_) {
    state["rollout"] = {{"version", keep(rollout_->version)},
                        {"question", static_cast<int>(rollout_->question)},
                        {"line", rollout_->line},
                        {"evidence", rollout_->evidence},
                        {"started", rollout_->started},
                        {"paused", rollout_->paused}};
    state["rollout"].update(ToJson(rollout_->steps.state()));
  }
  const auto keep_watch = [&](const Watch& watch) {
    const HarmGuard::State guard = watch.guard.state();
    return Json{{"watched", keep(watch.watched)},
                {"replaced", keep(watch.replaced)},
                {"anchor_before", keep(watch.anchor_before)},
                {"line", watch.line},
                {"against_replaced", ToJson(guard.against_replaced)},
                {"against_anchor", ToJson(guard.against_anchor)},
                {"promoted", watch.promoted},
                {"outcomes", watch.outcomes}};
  };
  if (watch_) state["watch"] = keep_watch(*watch_);
  if (earlier_) state["earlier_watch"] = keep_watch(*earlier_);
  state["anchor_guard"] = ToJson(anchor_guard_.state());
  state["pending"] = Json::array();
  for (const ScoredBefore& scored : PendingLiveSets()) {
    Json live = ToJson(*scored.live);
    live["until"] = scored.until.ToString();
    live["versions"] = Json::array();
    for (const VersionPointer& version : scored.live->versions) live["versions"].push_back(keep(version));
    state["pending"].push_back(std::move(live));
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
    decision_ids_.Restore(IdsFrom(state.at("decision_ids")));
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      RestoreLine(state.at("lines").at(i), versions, policy_.retraining.twin_ratio, lines_[i]);
    }
    championship_.Restore(ChampionshipFrom(state.at("championship"), model_.horizon));
    standing_.Restore(StandingFrom(state.at("standing")));
    triggers_.Restore(TriggersFrom(state.at("triggers")));
    if (state.contains("rollout")) {
      const Json& stored = state.at("rollout");
      rollout_.emplace(Rollout{versions.Find(stored.at("version")),
                               static_cast<Question>(stored.at("question").get<int>()), stored.at("line"),
                               StepsFrom(stored, policy_.rollout), stored.at("evidence"),
                               stored.value("started", last_consumed_.time()), stored.value("paused", false)});
    }
    const auto restore_watch = [&](const Json& stored) {
      HarmGuard guard(model_.horizon, policy_.rollout.refresh_margin, policy_.rollout.alpha);
      guard.Restore({PairedFrom(stored.at("against_replaced")), PairedFrom(stored.at("against_anchor"))});
      return Watch{versions.Find(stored.at("watched")),
                   versions.Find(stored.at("replaced")),
                   stored.at("line"),
                   std::move(guard),
                   stored.at("promoted"),
                   stored.at("outcomes"),
                   versions.Find(stored.at("anchor_before"))};
    };
    if (state.contains("watch")) watch_ = restore_watch(state.at("watch"));
    if (state.contains("earlier_watch")) earlier_ = restore_watch(state.at("earlier_watch"));
    anchor_guard_.Restore(PairedFrom(state.at("anchor_guard")));
    for (const Json& stored : state.at("pending")) {
      LiveSet live = LiveSetFrom(stored);
      for (const Json& name : stored.at("versions")) live.versions.push_back(versions.Find(name));
      HONE_ASSIGN_OR_RETURN(const Id until, ParseId(stored.at("until").get<std::string>()));
      scored_before_.push_back({until, std::make_shared<const LiveSet>(std::move(live))});
    }
    if (versions.failed()) return *versions.failed();
    if (champion_) {
      drift_.Restore(DriftFrom(state.at("drift"), model_.horizon), history_, champion_->begin, champion_->end,
                     *champion_->model);
      RebuildLiveSet();
    }
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

}  // namespace hone
