#include "models/forest/forest_kernel.h"

#include "models/forest/kernels/kernel.h"

namespace hone {

std::string_view NameOf(ForestKernel kernel) {
  switch (kernel) {
    case ForestKernel::kWalk: return "walk";
    case ForestKernel::kLockstep: return "lockstep";
    case ForestKernel::kPortable: return "portable";
    case ForestKernel::kAvx2: return "avx2";
    case ForestKernel::kAvx512: return "avx512";
  }
  return "";
}

#if defined(__x86_64__)

ForestKernel BestForestKernel() {
  __builtin_cpu_init();
  const bool avx2 =
      __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt");
  const bool avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
                      __builtin_cpu_supports("avx512vbmi");
  return avx2 && avx512 ? ForestKernel::kAvx512 : avx2 ? ForestKernel::kAvx2 : ForestKernel::kPortable;
}

const Kernel* LoopsOf(ForestKernel kernel) {
  switch (kernel) {
    case ForestKernel::kWalk:
    case ForestKernel::kLockstep: return nullptr;
    case ForestKernel::kPortable: return &kPortableKernel;
    case ForestKernel::kAvx2: return &kAvx2Kernel;
    case ForestKernel::kAvx512: return &kAvx512Kernel;
  }
  return nullptr;
}

#else

ForestKernel BestForestKernel() { return ForestKernel::kPortable; }

const Kernel* LoopsOf(ForestKernel kernel) { return kernel == ForestKernel::kPortable ? &kPortableKernel : nullptr; }

#endif

}  // namespace hone
