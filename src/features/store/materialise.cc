#include "features/store/materialise.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <span>
#include <utility>

#include "features/feature_set.h"
#include "features/same_bits.h"

namespace hone {
namespace {

using Features = std::vector<const RegisteredFeature*>;

// Batches that are one pass: only the first may hold late bars, as values at later bars are the same either way.
struct Pass {
  std::int64_t last = 0;
  Time recorded_at = 0;  // of the last
  Time first_open = 0;
  bool late = false;
};

Pass PassFrom(std::int64_t first, std::span<const BarBatch> batches) {
  const BarBatch& begin = batches[static_cast<std::size_t>(first - 1)];
  Pass pass{first, 0, begin.first_open, begin.late};
  while (pass.last < std::ssize(batches) && !batches[static_cast<std::size_t>(pass.last)].late) ++pass.last;
  pass.recorded_at = batches[static_cast<std::size_t>(pass.last - 1)].recorded_at;
  return pass;
}

std::vector<std::int64_t> IdsOf(const std::vector<FoldedFeatures::Column>& columns) {
  std::vector<std::int64_t> ids;
  for (const FoldedFeatures::Column& column : columns) ids.push_back(column.feature);
  return ids;
}

// Runs some features that are equally far over one pass and writes what is new.
class PassWriter {
 public:
  PassWriter(Database& database, FoldedFeatures& folded, const Pass& pass, Time now, Materialised& done)
      : store_(database), folded_(folded), ids_(IdsOf(folded.columns)), pass_(pass), now_(now), done_(done) {}

  // From the first bar.
  Status Run(std::span<const Bar> bars, const FeatureProgress& from, std::size_t rows_a_commit) {
    Begin(from);
    if (pass_.late) HONE_RETURN_IF_ERROR(LoadWritten());
    FeatureSet& set = folded_.set;
    for (std::size_t begin = 0; begin < bars.size(); begin += set.block_bars()) {
      const auto block = bars.subspan(begin, std::min(set.block_bars(), bars.size() - begin));
      set.UpdateBlock(block);
      for (std::size_t bar = 0; bar < block.size(); ++bar) {
        HONE_RETURN_IF_ERROR(Take(block[bar], [&](std::size_t i) { return set.column(i)[bar]; }));
      }
      if (rows_.size() >= rows_a_commit) HONE_RETURN_IF_ERROR(Commit({progress_.batch, block.back().open_time}));
    }
    return End();
  }

  // From where the features are.
  Status Continue(std::span<const Bar> bars) {
    Begin({pass_.last, INT64_MIN});
    std::vector<double> row(folded_.set.width());
    for (const Bar& bar : bars) {
      folded_.set.Update(bar, row);
      HONE_RETURN_IF_ERROR(Take(bar, [&](std::size_t i) { return row[i]; }));
    }
    return End();
  }

 private:
  void Begin(const FeatureProgress& from) {
    progress_ = from;
    first_ = from.through == INT64_MIN ? pass_.first_open : std::max(pass_.first_open, from.through + 1);
  }

  Status End() {
    folded_.batch = pass_.last;
    folded_.recorded_at = pass_.recorded_at;
    return Commit({pass_.last + 1, INT64_MIN});
  }

  // The newest version of what is written of each feature, by event time: late bars may leave it as it is.
  Status LoadWritten() {
    for (const std::int64_t id : ids_) {
      HONE_ASSIGN_OR_RETURN(const auto history,
                            store_.History(id, folded_.entity.id, first_ + folded_.entity.bar_size));
      auto& written = written_.emplace_back();
      for (const FeatureValue& value : history) written[value.event_time] = value.value;
    }
    return OkStatus();
  }

  template <typename ValueOf>
  Status Take(const Bar& bar, const ValueOf& value_of) {
    folded_.known_at = std::max(folded_.known_at, bar.known_at);
    if (bar.open_time < first_) return OkStatus();
    for (std::size_t i = 0; i < ids_.size(); ++i) {
      HONE_RETURN_IF_ERROR(Add(i, bar.open_time + folded_.entity.bar_size, value_of(i)));
    }
    return OkStatus();
  }

  Status Add(std::size_t i, Time event_time, double value) {
    if (!written_.empty()) {
      const auto found = written_[i].find(event_time);
      if (found != written_[i].end() && SameBits(found->second, value)) return OkStatus();
      if (found != written_[i].end()) ++done_.revisions;
    }
    const FoldedFeatures::Column& column = folded_.columns[i];
    if (column.categorical && !std::isnan(value) && value != std::floor(value)) {
      return Error{ErrorCode::kInvalidData,
                   fmt::format("is {} at {}; a categorical feature has whole numbers", value, FormatTime(event_time)),
                   folded_.entity.name, 0, column.key};
    }
    rows_.push_back({ids_[i], folded_.entity.id, pass_.last, {event_time, folded_.known_at, now_, value}});
    ++done_.values;
    return OkStatus();
  }

  Status Commit(const FeatureProgress& progress) {
    Status written = store_.Append(rows_, ids_, folded_.entity.id, progress_, progress);
    rows_.clear();
    progress_ = progress;
    return written;
  }

  FeatureValues store_;
  FoldedFeatures& folded_;
  const std::vector<std::int64_t> ids_;
  const Pass pass_;
  const Time now_;
  Materialised& done_;
  std::vector<std::map<Time, double>> written_;
  std::vector<FeatureValueRow> rows_;
  FeatureProgress progress_;  // what is written
  Time first_ = 0;
};

std::vector<std::string> KeysOf(const Features& features) {
  std::vector<std::string> keys;
  for (const RegisteredFeature* feature : features) keys.push_back(feature->key());
  return keys;
}

// Before its first bar.
Result<FoldedFeatures> Unfolded(const RegisteredFeatures& registered, const Features& features,
                                const FeatureEntity& entity) {
  HONE_ASSIGN_OR_RETURN(FeatureSet set, FeatureSet::Make(KeysOf(features), entity.traits, registered.definitions()));
  FoldedFeatures folded{std::move(set), {}, entity};
  for (const RegisteredFeature* feature : features) {
    folded.columns.push_back({feature->id, feature->key(), feature->definition.kind == "categorical"});
  }
  return folded;
}

}  // namespace

Result<Materialised> Materialise(Database& database, const RegisteredFeatures& registered, const Features& features,
                                 const FeatureEntity& entity, Time now, std::size_t rows_a_commit,
                                 std::optional<FoldedFeatures>* left) {
  HONE_RETURN_IF_ERROR(registered.CheckFormulas(features));
  BarHistory history(database);
  HONE_ASSIGN_OR_RETURN(const std::vector<BarBatch> batches, history.Batches(entity));
  std::map<FeatureProgress, Features> groups;
  for (const RegisteredFeature* feature : features) {
    HONE_ASSIGN_OR_RETURN(const FeatureProgress progress, FeatureValues(database).Progress(feature->id, entity.id));
    groups[progress].push_back(feature);
  }
  Materialised done;
  while (!groups.empty() && groups.begin()->first.batch <= std::ssize(batches)) {
    const auto [progress, group] = *groups.begin();
    groups.erase(groups.begin());
    const Pass pass = PassFrom(progress.batch, batches);
    HONE_ASSIGN_OR_RETURN(const std::vector<Bar> bars, history.SeriesAt(entity, pass.last));
    HONE_ASSIGN_OR_RETURN(FoldedFeatures folded, Unfolded(registered, group, entity));
    HONE_RETURN_IF_ERROR(PassWriter(database, folded, pass, now, done).Run(bars, progress, rows_a_commit));
    if (left != nullptr && group.size() == features.size()) *left = std::move(folded);
    Features& next = groups[{pass.last + 1, INT64_MIN}];
    next.insert(next.end(), group.begin(), group.end());
  }
  return done;
}

Result<FoldedFeatures> Fold(Database& database, const RegisteredFeatures& registered, const Features& features,
                            const FeatureEntity& entity) {
  HONE_ASSIGN_OR_RETURN(FoldedFeatures folded, Unfolded(registered, features, entity));
  BarHistory history(database);
  HONE_ASSIGN_OR_RETURN(const std::optional<BarBatch> last, history.NewestBatch(entity));
  if (!last) return folded;
  HONE_ASSIGN_OR_RETURN(const std::vector<Bar> series, history.SeriesAt(entity, last->number));
  const std::span<const Bar> bars(series);
  for (std::size_t begin = 0; begin < bars.size(); begin += folded.set.block_bars()) {
    folded.set.UpdateBlock(bars.subspan(begin, std::min(folded.set.block_bars(), bars.size() - begin)));
  }
  for (const Bar& bar : bars) folded.known_at = std::max(folded.known_at, bar.known_at);
  folded.batch = last->number;
  folded.recorded_at = last->recorded_at;
  return folded;
}

Result<Materialised> Advance(Database& database, FoldedFeatures& folded, const BarBatch& batch,
                             std::span<const Bar> bars, Time now) {
  Materialised done;
  const Pass pass{batch.number, batch.recorded_at, batch.first_open, false};
  HONE_RETURN_IF_ERROR(PassWriter(database, folded, pass, now, done).Continue(bars));
  return done;
}

}  // namespace hone
