# Apache Arrow's C++ library for Parquet: IMPORTED target Parquet::Parquet, found through CMAKE_PREFIX_PATH.
#
# The target carries the headers and links libparquet and libarrow. Only libhone_parquet.so links it (src/columnar/parquet),
# so that the program does not load them before it meets a Parquet file.
#
# Sets Parquet_FOUND, Parquet_VERSION, Parquet_INCLUDE_DIR, Parquet_LIBRARY, Parquet_ARROW_LIBRARY.
find_path(Parquet_INCLUDE_DIR parquet/api/reader.h)
find_library(Parquet_LIBRARY NAMES parquet)
find_library(Parquet_ARROW_LIBRARY NAMES arrow)

set(Parquet_VERSION "")
if(Parquet_INCLUDE_DIR AND EXISTS ${Parquet_INCLUDE_DIR}/arrow/util/config.h)
  file(STRINGS ${Parquet_INCLUDE_DIR}/arrow/util/config.h text REGEX "^#define ARROW_VERSION_STRING ")
  string(REGEX MATCH "[0-9.]+" Parquet_VERSION "${text}")
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Parquet
  REQUIRED_VARS Parquet_LIBRARY Parquet_ARROW_LIBRARY Parquet_INCLUDE_DIR
  VERSION_VAR Parquet_VERSION)
mark_as_advanced(Parquet_INCLUDE_DIR Parquet_LIBRARY Parquet_ARROW_LIBRARY)

if(Parquet_FOUND AND NOT TARGET Parquet::Parquet)
  add_library(Parquet::Parquet INTERFACE IMPORTED)
  target_include_directories(Parquet::Parquet SYSTEM INTERFACE ${Parquet_INCLUDE_DIR})
  target_link_libraries(Parquet::Parquet INTERFACE ${Parquet_LIBRARY} ${Parquet_ARROW_LIBRARY})
endif()
