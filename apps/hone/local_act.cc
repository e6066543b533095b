#include "hone/local_act.h"

#include <memory>
#include <utility>

#include "hone/state_folder.h"
#include "hone/system_clock.h"

namespace hone {

Status ActInFolder(const std::string& directory, const Policy& policy,
                   const std::function<Status(LiveEngine& core)>& act) {
  const SystemClock clock;
  { HONE_ASSIGN_OR_RETURN(const std::unique_ptr<LiveStore> there, OpenForReading(directory)); }
  {
    HONE_ASSIGN_OR_RETURN(const FileLock free,
                          LockFolder(directory, "act through it: give its address, --url http://127.0.0.1:8000"));
  }
  LiveOptions options;
  options.folder = directory;
  options.policy = policy;
  HONE_ASSIGN_OR_RETURN(options.program, OwnProgram());
  HONE_ASSIGN_OR_RETURN(const std::unique_ptr<LiveEngine> engine, LiveEngine::Open(options, clock));
  Result<std::string> done = Error{ErrorCode::kInternal, "the engine did not answer"};
  engine->Submit(
      [&act](LiveEngine& core) -> Result<std::string> {
        HONE_RETURN_IF_ERROR(act(core));
        return std::string();
      },
      [&done](Result<std::string> result) { done = std::move(result); });
  engine->Turn(0);
  return done.ok() ? OkStatus() : Status(done.error());
}

}  // namespace hone
