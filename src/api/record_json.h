// The rows of the store as JSON, the same in the API and on the command line. Times are RFC 3339, ids in text form.
#pragma once

#include <string>
#include <vector>

#include "outcomes/joined_reader.h"
#include "records/decision.h"
#include "records/drift_event.h"
#include "records/version_record.h"
#include "registry/comparison.h"
#include "registry/drift_event_store.h"
#include "retraining/job_store.h"
#include "wire/json_writer.h"

namespace hone {

// {"id","time","kind","model","version","reason","evidence":{...}}
void WriteDecision(const Decision& decision, JsonWriter& json);
// {"id","time","model","version","kind","subject","method","severity","statistic","effect","p_value","reference_rows",
//  "current_rows"}
void WriteDriftEvent(const DriftEvent& event, JsonWriter& json);
// {"events":[drift event...]}, oldest first.
Result<std::string> DriftEventsJson(DriftEventStore& store, const DriftEventQuery& query);
// {"model","version","stage","change","parent","recipe","artifact","data_fingerprint","train":{"begin","end","rows"},
//  "parameters":{...},"metrics":{...},"seed","validated","created"}
void WriteVersion(const VersionRecord& version, JsonWriter& json);
// {"id","model","trigger","reason","state","requested","finished","error"}
void WriteJob(const JobRecord& job, JsonWriter& json);
// {"model","left":{version},"right":{version},"common_ancestor","metrics":[{"key","left","right","change"}...],
//  "parameters":[...],"lineage":[...]}
void WriteComparison(const VersionComparison& comparison, JsonWriter& json);
// {"prediction_id","time","model","version","role","propensity","features":{name:value},"value","latency_ns",
//  "outcome":null|{"value","time"},"shadows":[{"version","value"}...]}; features are a list where `names` has another
// length than the row.
void WritePredictionRecord(const JoinedPrediction& row, const std::vector<std::string>& names, JsonWriter& json);

}  // namespace hone
