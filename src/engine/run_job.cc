#include <algorithm>

#include "base/executor.h"
#include "engine/job_result.h"
#include "engine/training_process.h"

namespace hone {

Status RunJob(const std::filesystem::path& folder, std::int64_t id) {
  HONE_ASSIGN_OR_RETURN(const std::unique_ptr<LiveStore> store, LiveStore::Open(folder, true));
  HONE_ASSIGN_OR_RETURN(const JobRecord record, store->jobs.Get(id));
  HONE_ASSIGN_OR_RETURN(const TrainingJob job, ReadJobSpecification(record.specification));
  HONE_ASSIGN_OR_RETURN(const StoredDefinition definition, store->definitions.Get(record.model));
  WarnOfFeatures(*store->database, definition.model);
  std::size_t rows = 0;
  for (const JobFit& fit : job.fits) rows = std::max(rows, fit.end);
  HONE_ASSIGN_OR_RETURN(const Dataset data, store->rows.Read(record.model, definition.model.features, rows));
  const std::vector<Recipe> recipes = CompetingRecipes(definition.model);
  const std::unique_ptr<Executor> executor = MakeInlineExecutor();
  FitCache cache(data, recipes, *executor);
  std::vector<FitRequest> requests;
  for (const JobFit& fit : job.fits) {
    const auto recipe = static_cast<std::size_t>(fit.recipe);
    if (recipe >= recipes.size() || fit.end > data.rows()) {
      return Error{ErrorCode::kCorrupt, "asks for a recipe or rows that do not exist", "job " + std::to_string(id)};
    }
    requests.push_back({recipes[recipe].name, 0, fit.end, job.seed, nullptr});
  }
  return WriteJobResult(*store, id, cache.FitAll(requests));
}

}  // namespace hone
