#include "features/store/schema.h"

namespace hone {

std::string FeatureStoreSql() {
  return "CREATE TABLE feature_definitions (id INTEGER PRIMARY KEY, name TEXT NOT NULL, version INTEGER NOT NULL, "
         "description TEXT NOT NULL, kind TEXT NOT NULL, expression TEXT NOT NULL, dependencies TEXT NOT NULL, "
         "aggregation TEXT NOT NULL, window_bars INTEGER NOT NULL, normalise TEXT NOT NULL, "
         "normalise_bars INTEGER NOT NULL, fill TEXT NOT NULL, tags TEXT NOT NULL, deprecated INTEGER NOT NULL, "
         "hash TEXT NOT NULL, registered INTEGER NOT NULL, UNIQUE (name, version));"
         "CREATE TABLE feature_uses (feature INTEGER NOT NULL, position INTEGER NOT NULL, used INTEGER NOT NULL, "
         "PRIMARY KEY (feature, position)) WITHOUT ROWID;"
         "CREATE TABLE feature_entities (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, bar_size INTEGER NOT NULL, "
         "has_range INTEGER NOT NULL, has_volume INTEGER NOT NULL);"
         "CREATE TABLE feature_batches (entity INTEGER NOT NULL, batch INTEGER NOT NULL, recorded_at INTEGER NOT NULL, "
         "first_open INTEGER NOT NULL, late INTEGER NOT NULL, bars INTEGER NOT NULL, source TEXT NOT NULL, "
         "fingerprint TEXT NOT NULL, PRIMARY KEY (entity, batch)) WITHOUT ROWID;"
         "CREATE TABLE feature_bars (entity INTEGER NOT NULL, open_time INTEGER NOT NULL, batch INTEGER NOT NULL, "
         "known_at INTEGER NOT NULL, open REAL NOT NULL, high REAL NOT NULL, low REAL NOT NULL, close REAL NOT NULL, "
         "volume REAL NOT NULL, PRIMARY KEY (entity, open_time, batch)) WITHOUT ROWID;"
         "CREATE TABLE feature_values (feature INTEGER NOT NULL, entity INTEGER NOT NULL, event_time INTEGER NOT NULL, "
         "batch INTEGER NOT NULL, known_at INTEGER NOT NULL, recorded_at INTEGER NOT NULL, value REAL, "
         "PRIMARY KEY (feature, entity, event_time, batch)) WITHOUT ROWID;"
         "CREATE TABLE feature_progress (feature INTEGER NOT NULL, entity INTEGER NOT NULL, batch INTEGER NOT NULL, "
         "through INTEGER NOT NULL, PRIMARY KEY (feature, entity)) WITHOUT ROWID;";
}

std::string LatestValuesSql() {
  return "CREATE TABLE feature_latest (entity INTEGER PRIMARY KEY, written_at INTEGER NOT NULL, bytes BLOB NOT NULL);"
         "CREATE INDEX feature_latest_by_time ON feature_latest (written_at);";
}

}  // namespace hone
