// What the live requests of an experiment were answered with, as a log of choices: each with the probability with which
// the router chose the version that answered, and as its reward minus the squared error of the answer.
#pragma once

#include <string>

#include "base/id.h"
#include "base/result.h"
#include "engine/live_store.h"
#include "hone/choices_file.h"

namespace hone {

// Of the newest 1,000,000 predictions of its model between the experiment's start and its end, for the policy that
// lets the version `always` answer. kNotFound where there is no such experiment, else as ReadChoicesFile.
Result<ChoicesFile> ReadServedChoices(LiveStore& store, const Id& experiment, const std::string& always);

}  // namespace hone
