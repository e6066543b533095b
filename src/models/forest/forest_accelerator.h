// Lets a GPU answer the large batches of forests.
//
// A forest is copied to the device when it is made, its margins there are compared with the processor's to the bit, and
// both are timed on batches of the real forest: from the smallest one that the device answers faster on, batches go to
// the device. Smaller ones, single rows, and all while the device is busy or once it has failed are answered by the
// processor. The bits are the same.
#pragma once

#include <memory>

#include "base/time.h"
#include "gpu/forest_device.h"
#include "models/forest/forest.h"

namespace hone {

// Immutable, thread-safe.
class ForestAccelerator {
 public:
  // `clock`, which times the calibration, must outlive it.
  ForestAccelerator(std::shared_ptr<const ForestDevice> device, const Clock& clock);

  // The model, accelerated. Where the device is left out of it (its trees have no form there, the processor is always
  // faster) kernel() says why. A device whose margins differ is left out with an error in the log.
  std::shared_ptr<const ForestModel> Accelerate(std::shared_ptr<const ForestModel> model) const;

  const ForestDevice& device() const { return *device_; }

 private:
  std::shared_ptr<const ForestDevice> device_;
  const Clock* clock_;
};

// What MakeForestModel passes its models through from now on. Called by a program before it reads models and starts
// threads; null for none, as at the start.
void SetForestAccelerator(std::shared_ptr<const ForestAccelerator> accelerator);
// Null when there is none.
const ForestAccelerator* forest_accelerator();

}  // namespace hone
