// hone drift: has the data moved?

#include "hone/commands.h"
#include "hone/drift_verbs.h"

namespace hone {

void AddDriftCommand(Command app) {
  Command drift = app.AddNoun("drift", "Has the data moved?");
  AddDriftCheckVerb(drift);
  AddDriftWatchVerb(drift);
  AddDriftEventsVerb(drift);
}

}  // namespace hone
