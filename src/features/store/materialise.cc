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
  Time first_open = 0;
  bool late = false;
};

Pass PassFrom(std::int64_t first, std::span<const BarBatch> batches) {
  const BarBatch& begin = batches[static_cast<std::size_t>(first - 1)];
  Pass pass{first, begin.first_open, begin.late};
  while (pass.last < std::ssize(batches) && !batches[static_cast<std::size_t>(pass.last)].late) ++pass.last;
  return pass;
}

// Runs some features that are equally far over one pass and writes what is new.
class PassWriter {
 public:
  PassWriter(Database& database, const Features& features, const FeatureEntity& entity, Time now,
             std::size_t rows_a_commit, Materialised& done)
      : store_(database), features_(features), entity_(entity), now_(now), rows_a_commit_(rows_a_commit), done_(done) {
    for (const RegisteredFeature* feature : features) ids_.push_back(feature->id);
  }

  Status Run(FeatureSet& set, std::span<const Bar> bars, const Pass& pass, const FeatureProgress& from) {
    batch_ = from.batch;
    pass_ = pass;
    first_ = from.through == INT64_MIN ? pass.first_open : std::max(pass.first_open, from.through + 1);
    if (pass.late) HONE_RETURN_IF_ERROR(LoadWritten());
    for (std::size_t begin = 0; begin < bars.size(); begin += set.block_bars()) {
      const auto block = bars.subspan(begin, std::min(set.block_bars(), bars.size() - begin));
      set.UpdateBlock(block);
      HONE_RETURN_IF_ERROR(Take(set, block));
      if (rows_.size() >= rows_a_commit_) HONE_RETURN_IF_ERROR(Commit({batch_, block.back().open_time}));
    }
    return Commit({pass.last + 1, INT64_MIN});
  }

 private:
  // The newest version of what is written of each feature, by event time: late bars may leave it as it is.
  Status LoadWritten() {
    for (const std::int64_t id : ids_) {
      HONE_ASSIGN_OR_RETURN(const auto history, store_.History(id, entity_.id, first_ + entity_.bar_size));
      auto& written = written_.emplace_back();
      for (const FeatureValue& value : history) written[value.event_time] = value.value;
    }
    return OkStatus();
  }

  Status Take(const FeatureSet& set, std::span<const Bar> block) {
    for (std::size_t bar = 0; bar < block.size(); ++bar) {
      known_at_ = std::max(known_at_, block[bar].known_at);
      if (block[bar].open_time < first_) continue;
      for (std::size_t i = 0; i < ids_.size(); ++i) {
        HONE_RETURN_IF_ERROR(Add(i, block[bar].open_time + entity_.bar_size, set.column(i)[bar]));
      }
    }
    return OkStatus();
  }

  Status Add(std::size_t i, Time event_time, double value) {
    if (!written_.empty()) {
      const auto found = written_[i].find(event_time);
      if (found != written_[i].end() && SameBits(found->second, value)) return OkStatus();
      if (found != written_[i].end()) ++done_.revisions;
    }
    const UserDefinition& definition = features_[i]->definition;
    if (definition.kind == "categorical" && !std::isnan(value) && value != std::floor(value)) {
      return Error{ErrorCode::kInvalidData,
                   fmt::format("is {} at {}; a categorical feature has whole numbers", value, FormatTime(event_time)),
                   entity_.name, 0, features_[i]->key()};
    }
    rows_.push_back({ids_[i], entity_.id, pass_.last, {event_time, known_at_, now_, value}});
    ++done_.values;
    return OkStatus();
  }

  Status Commit(const FeatureProgress& progress) {
    Status written = store_.Append(rows_, ids_, entity_.id, progress);
    rows_.clear();
    return written;
  }

  FeatureValues store_;
  const Features& features_;
  const FeatureEntity& entity_;
  Time now_;
  std::size_t rows_a_commit_;
  Materialised& done_;
  std::vector<std::int64_t> ids_;
  std::vector<std::map<Time, double>> written_;
  std::vector<FeatureValueRow> rows_;
  std::int64_t batch_ = 0;
  Pass pass_;
  Time first_ = 0, known_at_ = INT64_MIN;
};

std::vector<std::string> KeysOf(const Features& features) {
  std::vector<std::string> keys;
  for (const RegisteredFeature* feature : features) keys.push_back(feature->key());
  return keys;
}

}  // namespace

Result<Materialised> Materialise(Database& database, const RegisteredFeatures& registered, const Features& features,
                                 const FeatureEntity& entity, Time now, std::size_t rows_a_commit) {
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
    HONE_ASSIGN_OR_RETURN(FeatureSet set, FeatureSet::Make(KeysOf(group), entity.traits, registered.definitions()));
    PassWriter writer(database, group, entity, now, rows_a_commit, done);
    HONE_RETURN_IF_ERROR(writer.Run(set, bars, pass, progress));
    Features& next = groups[{pass.last + 1, INT64_MIN}];
    next.insert(next.end(), group.begin(), group.end());
  }
  return done;
}

}  // namespace hone
