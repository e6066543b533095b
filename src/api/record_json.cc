#include "api/record_json.h"

namespace hone {
namespace {

void WriteFeatures(const std::vector<double>& values, const std::vector<std::string>& names, JsonWriter& json) {
  json.Key("features");
  if (values.size() != names.size()) {
    json.BeginList();
    for (const double value : values) json.Value(value);
    json.EndList();
    return;
  }
  json.BeginMap();
  for (std::size_t i = 0; i < values.size(); ++i) json.Member(names[i], values[i]);
  json.EndMap();
}

void WriteOutcome(const std::optional<Outcome>& outcome, JsonWriter& json) {
  json.Key("outcome");
  if (!outcome) {
    json.Null();
    return;
  }
  json.BeginMap().Member("value", outcome->value).Member("time", FormatTime(outcome->time)).EndMap();
}

void WriteCompared(const char* key, const std::vector<ComparedValue>& values, JsonWriter& json) {
  json.Key(key).BeginList();
  for (const ComparedValue& value : values) {
    json.BeginMap().Member("key", value.key).Member("left", value.left).Member("right", value.right);
    json.Member("change", value.change).EndMap();
  }
  json.EndList();
}

const std::string& ObjectOr(const std::string& text, const std::string& otherwise) {
  return text.empty() ? otherwise : text;
}

}  // namespace

void WriteDecision(const Decision& decision, JsonWriter& json) {
  json.BeginMap()
      .Member("id", decision.id.ToString())
      .Member("time", FormatTime(decision.time))
      .Member("kind", DecisionKindName(decision.kind))
      .Member("model", decision.model)
      .Member("version", decision.version)
      .Member("reason", decision.reason)
      .RawMember("evidence", decision.evidence)
      .EndMap();
}

void WriteDriftEvent(const DriftEvent& event, JsonWriter& json) {
  json.BeginMap()
      .Member("id", event.id.ToString())
      .Member("time", FormatTime(event.time))
      .Member("model", event.model)
      .Member("version", event.version)
      .Member("kind", DriftKindName(event.kind))
      .Member("subject", event.subject)
      .Member("method", event.method)
      .Member("severity", SeverityName(event.severity))
      .Member("statistic", event.statistic)
      .Member("effect", event.effect)
      .Member("p_value", event.p_value)
      .Member("reference_rows", event.reference_rows)
      .Member("current_rows", event.current_rows)
      .EndMap();
}

Result<std::string> DriftEventsJson(DriftEventStore& store, const DriftEventQuery& query) {
  HONE_ASSIGN_OR_RETURN(const std::vector<DriftEvent> events, store.List(query));
  JsonWriter json;
  json.BeginMap().Key("events").BeginList();
  for (const DriftEvent& event : events) WriteDriftEvent(event, json);
  json.EndList().EndMap();
  return json.Take();
}

void WriteVersion(const VersionRecord& version, JsonWriter& json) {
  static const std::string empty = "{}";
  json.BeginMap()
      .Member("model", version.model)
      .Member("version", version.number.ToString())
      .Member("stage", StageName(version.stage))
      .Member("change", ChangeTypeName(version.change))
      .Member("parent", version.parent)
      .Member("recipe", version.recipe)
      .Member("artifact", version.artifact)
      .Member("data_fingerprint", version.data_fingerprint);
  json.Key("train")
      .BeginMap()
      .Member("begin", FormatTime(version.train_begin))
      .Member("end", FormatTime(version.train_end))
      .Member("rows", version.train_rows)
      .EndMap();
  json.RawMember("parameters", ObjectOr(version.parameters, empty))
      .RawMember("metrics", ObjectOr(version.metrics, empty))
      .Member("seed", version.seed)
      .Member("validated", version.validated)
      .Member("created", FormatTime(version.created))
      .EndMap();
}

void WriteJob(const JobRecord& job, JsonWriter& json) {
  json.BeginMap()
      .Member("id", job.id)
      .Member("model", job.model)
      .Member("trigger", job.trigger)
      .Member("reason", job.reason)
      .Member("state", JobStateName(job.state))
      .Member("requested", FormatTime(job.requested));
  json.Key("finished");
  if (job.finished) {
    json.Value(FormatTime(*job.finished));
  } else {
    json.Null();
  }
  json.Member("error", job.error).EndMap();
}

void WriteComparison(const VersionComparison& comparison, JsonWriter& json) {
  json.BeginMap().Member("model", comparison.left.model);
  json.Key("left");
  WriteVersion(comparison.left, json);
  json.Key("right");
  WriteVersion(comparison.right, json);
  json.Member("common_ancestor", comparison.common_ancestor);
  WriteCompared("metrics", comparison.metrics, json);
  WriteCompared("parameters", comparison.parameters, json);
  WriteCompared("lineage", comparison.lineage, json);
  json.EndMap();
}

void WritePredictionRecord(const JoinedPrediction& row, const std::vector<std::string>& names, JsonWriter& json) {
  const Prediction& prediction = row.prediction;
  json.BeginMap()
      .Member("prediction_id", prediction.id.ToString())
      .Member("time", FormatTime(prediction.time))
      .Member("model", prediction.model)
      .Member("version", prediction.version)
      .Member("role", RoleName(prediction.role))
      .Member("propensity", prediction.propensity);
  WriteFeatures(prediction.features, names, json);
  json.Member("value", prediction.value).Member("latency_ns", prediction.latency);
  WriteOutcome(row.outcome, json);
  json.Key("shadows").BeginList();
  for (const ShadowPrediction& shadow : row.shadows) {
    json.BeginMap().Member("version", shadow.version).Member("value", shadow.value).EndMap();
  }
  json.EndList().EndMap();
}

}  // namespace hone
