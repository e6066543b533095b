// HONE_HOST_DEVICE before a function: compiled for the processor and, by nvcc, for the GPU too.
#pragma once

#ifdef __CUDACC__
#define HONE_HOST_DEVICE __host__ __device__
#else
#define HONE_HOST_DEVICE
#endif
