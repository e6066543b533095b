// All state of one folder: hone.db with every module's tables, artifacts/, jobs/.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "base/result.h"
#include "engine/access_token_store.h"
#include "engine/answered_request_store.h"
#include "engine/definition_store.h"
#include "engine/split_store.h"
#include "features/training_row_store.h"
#include "market/bar_store.h"
#include "outcomes/joined_reader.h"
#include "outcomes/outcome_store.h"
#include "outcomes/prediction_store.h"
#include "registry/ab_test_store.h"
#include "registry/decision_store.h"
#include "registry/drift_event_store.h"
#include "registry/version_store.h"
#include "retraining/job_store.h"
#include "storage/artifact_store.h"
#include "storage/checkpoint_store.h"
#include "storage/database.h"

namespace hone {

// Single-threaded, as its connection. A read-only store sees the last commit and leaves the writer alone.
struct LiveStore {
  // Opens `folder`; unless read_only it is made where missing and migrated. Errors name folder or file: kNotFound
  // (read_only and nothing there), kCorrupt, kConflict (written by a newer release).
  static Result<std::unique_ptr<LiveStore>> Open(const std::filesystem::path& folder, bool read_only = false,
                                                 const std::string& vfs = "");

  std::filesystem::path folder;
  std::unique_ptr<Database> database;
  ArtifactStore artifacts;
  CheckpointStore checkpoints;
  DefinitionStore definitions;
  BarStore bars;
  TrainingRowStore rows;
  VersionStore versions;
  AbTestStore ab_tests;
  DecisionStore decisions;
  DriftEventStore drift;
  JobStore jobs;
  PredictionStore predictions;
  OutcomeStore outcomes;
  JoinedReader joined;
  AccessTokenStore tokens;
  AnsweredRequestStore answered;
  SplitStore splits;

 private:
  LiveStore(std::filesystem::path path, std::unique_ptr<Database> opened, PredictionStore prediction_store,
            OutcomeStore outcome_store);
};

// Written beside each migration applied.
inline constexpr const char* kRelease = "0.1.0";

// What the checkpoint of a model's loop is called.
std::string LoopCheckpoint(const std::string& model);

// Every module's migrations, in order.
Migrations AllMigrations();

}  // namespace hone
