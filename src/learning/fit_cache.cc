#include "learning/fit_cache.h"

#include <condition_variable>
#include <map>
#include <mutex>
#include <tuple>
#include <utility>

namespace hone {
namespace {

// Recipe name, rows, seed, and the identity of replacement rows (alive as long as the cache, so never reused).
using Key = std::tuple<std::string, std::size_t, std::size_t, std::uint64_t, const Dataset*>;

Key KeyOf(const FitRequest& request) {
  return {request.recipe, request.begin, request.end, request.seed, request.replacement.get()};
}

}  // namespace

struct FitCache::State {
  // kQueued: on the executor, not begun; whoever comes first begins it, so waiting never depends on a free worker.
  enum class Phase { kQueued, kRunning, kDone };

  struct Entry {
    FitRequest request;
    Phase phase = Phase::kQueued;
    FitPointer fit;
  };

  State(const Dataset& rows, std::vector<Recipe> list, Executor& runner)
      : data(rows), recipes(std::move(list)), executor(runner) {}

  // The request's entry; `added` when it was not there.
  Entry& FindOrAdd(const FitRequest& request, bool& added);
  // Runs the entry's fit if nobody has begun it. Called without the lock.
  void RunIfQueued(Entry& entry);
  FitPointer Wait(Entry& entry);
  FitPointer GetOne(const FitRequest& request);
  FitPointer GetMean(const Recipe& recipe, const FitRequest& request);
  FitPointer Compute(const FitRequest& request);
  void Queue(const std::shared_ptr<State>& self, const FitRequest& request);
  void Drain();
  void DropQueued();

  const Dataset& data;
  const std::vector<Recipe> recipes;
  Executor& executor;
  std::mutex mutex;
  std::condition_variable changed;
  std::map<Key, Entry> entries;  // references to its entries stay valid
  std::size_t computed = 0;
  std::size_t running = 0;
  bool closed = false;
};

FitCache::State::Entry& FitCache::State::FindOrAdd(const FitRequest& request, bool& added) {
  const auto [place, inserted] = entries.try_emplace(KeyOf(request));
  if (inserted) place->second.request = request;
  added = inserted;
  return place->second;
}

FitPointer FitCache::State::Compute(const FitRequest& request) {
  const Recipe* recipe = FindRecipe(recipes, request.recipe);
  if (recipe == nullptr) {
    return std::make_shared<const Result<FittedRecipe>>(
        Error{ErrorCode::kInvalidArgument, "there is no recipe of this name", "", 0, request.recipe});
  }
  const Dataset& rows = request.replacement ? *request.replacement : data;
  return std::make_shared<const Result<FittedRecipe>>(
      FitRecipe(*recipe, recipes, rows, request.begin, request.end, request.seed));
}

void FitCache::State::RunIfQueued(Entry& entry) {
  {
    const std::lock_guard lock(mutex);
    if (entry.phase != Phase::kQueued || closed) return;
    entry.phase = Phase::kRunning;
    ++running;
  }
  FitPointer fit = Compute(entry.request);
  const std::lock_guard lock(mutex);
  entry.fit = std::move(fit);
  entry.phase = Phase::kDone;
  ++computed;
  --running;
  changed.notify_all();
}

FitPointer FitCache::State::Wait(Entry& entry) {
  std::unique_lock lock(mutex);
  changed.wait(lock, [&] { return entry.phase == Phase::kDone; });
  return entry.fit;
}

FitPointer FitCache::State::GetOne(const FitRequest& request) {
  Entry* entry = nullptr;
  {
    const std::lock_guard lock(mutex);
    bool added = false;
    entry = &FindOrAdd(request, added);
  }
  RunIfQueued(*entry);
  return Wait(*entry);
}

FitPointer FitCache::State::GetMean(const Recipe& recipe, const FitRequest& request) {
  std::vector<FitPointer> fits;
  std::vector<const FittedRecipe*> members;
  for (const std::string& name : recipe.members) {
    FitRequest part = request;
    part.recipe = name;
    fits.push_back(GetOne(part));
    if (!fits.back()->ok()) return fits.back();
    members.push_back(&fits.back()->value());
  }
  return std::make_shared<const Result<FittedRecipe>>(CombineMembers(members));
}

void FitCache::State::Queue(const std::shared_ptr<State>& self, const FitRequest& request) {
  Entry* entry = nullptr;
  {
    const std::lock_guard lock(mutex);
    bool added = false;
    entry = &FindOrAdd(request, added);
    if (!added) return;
  }
  executor.Submit([self, entry] { self->RunIfQueued(*entry); });
}

void FitCache::State::Drain() {
  std::vector<Entry*> open;
  {
    const std::lock_guard lock(mutex);
    for (auto& [key, entry] : entries) open.push_back(&entry);
  }
  for (Entry* entry : open) {
    RunIfQueued(*entry);
    Wait(*entry);
  }
}

void FitCache::State::DropQueued() {
  std::unique_lock lock(mutex);
  closed = true;
  changed.wait(lock, [&] { return running == 0; });
}

FitCache::FitCache(const Dataset& data, std::vector<Recipe> recipes, Executor& executor)
    : state_(std::make_shared<State>(data, std::move(recipes), executor)) {}

FitCache::~FitCache() { state_->DropQueued(); }

void FitCache::Prefetch(std::span<const FitRequest> requests) {
  for (const FitRequest& request : requests) {
    const Recipe* recipe = FindRecipe(state_->recipes, request.recipe);
    if (recipe == nullptr || recipe->learner != "mean") {
      state_->Queue(state_, request);
      continue;
    }
    for (const std::string& member : recipe->members) {
      FitRequest part = request;
      part.recipe = member;
      state_->Queue(state_, part);
    }
  }
}

FitPointer FitCache::Get(const FitRequest& request) {
  const Recipe* recipe = FindRecipe(state_->recipes, request.recipe);
  // A mean whose definition is broken is fitted like any other, which gives its error.
  bool combine = recipe != nullptr && recipe->learner == "mean" && !recipe->members.empty();
  for (std::size_t i = 0; combine && i < recipe->members.size(); ++i) {
    const Recipe* member = FindRecipe(state_->recipes, recipe->members[i]);
    combine = member != nullptr && member->learner != "mean";
  }
  return combine ? state_->GetMean(*recipe, request) : state_->GetOne(request);
}

std::vector<FitPointer> FitCache::FitAll(std::span<const FitRequest> requests) {
  Prefetch(requests);
  std::vector<FitPointer> fits;
  for (const FitRequest& request : requests) fits.push_back(Get(request));
  return fits;
}

void FitCache::Drain() { state_->Drain(); }

const std::vector<Recipe>& FitCache::recipes() const { return state_->recipes; }

std::size_t FitCache::computed() const {
  const std::lock_guard lock(state_->mutex);
  return state_->computed;
}

}  // namespace hone
