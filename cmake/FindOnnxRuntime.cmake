# ONNX Runtime's C API: IMPORTED target OnnxRuntime::OnnxRuntime, found through CMAKE_PREFIX_PATH.
#
# The target carries the headers and two definitions: HONE_HAVE_ONNXRUNTIME=1, and HONE_ONNXRUNTIME_LIBRARY, the library's
# full path as a string literal ("libonnxruntime.so.1" where only the headers were found).
# A module that can do without links $<TARGET_NAME_IF_EXISTS:OnnxRuntime::OnnxRuntime>. The library is opened with dlopen,
# so that another build of it, one for GPUs say, can take its place.
#
# Sets OnnxRuntime_FOUND, OnnxRuntime_INCLUDE_DIR, OnnxRuntime_LIBRARY.
find_path(OnnxRuntime_INCLUDE_DIR onnxruntime_c_api.h
  PATH_SUFFIXES onnxruntime onnxruntime/core/session onnxruntime/session)
find_library(OnnxRuntime_LIBRARY NAMES onnxruntime libonnxruntime.so.1)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(OnnxRuntime REQUIRED_VARS OnnxRuntime_INCLUDE_DIR)
mark_as_advanced(OnnxRuntime_INCLUDE_DIR OnnxRuntime_LIBRARY)

if(OnnxRuntime_FOUND AND NOT TARGET OnnxRuntime::OnnxRuntime)
  set(onnxruntime_library libonnxruntime.so.1)
  if(OnnxRuntime_LIBRARY)
    set(onnxruntime_library ${OnnxRuntime_LIBRARY})
  endif()
  add_library(OnnxRuntime::OnnxRuntime INTERFACE IMPORTED)
  target_include_directories(OnnxRuntime::OnnxRuntime SYSTEM INTERFACE ${OnnxRuntime_INCLUDE_DIR})
  target_compile_definitions(OnnxRuntime::OnnxRuntime INTERFACE HONE_HAVE_ONNXRUNTIME=1
    "HONE_ONNXRUNTIME_LIBRARY=\"${onnxruntime_library}\"")
  target_link_libraries(OnnxRuntime::OnnxRuntime INTERFACE ${CMAKE_DL_LIBS})
endif()
