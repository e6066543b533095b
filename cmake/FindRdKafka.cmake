# librdkafka's C API: IMPORTED target RdKafka::RdKafka, found through CMAKE_PREFIX_PATH.
#
# The target carries the headers and two definitions: HONE_HAVE_KAFKA=1, and HONE_KAFKA_LIBRARY, the library's full path as a
# string literal ("librdkafka.so.1" where only the headers were found).
# A module that can do without links $<TARGET_NAME_IF_EXISTS:RdKafka::RdKafka>. The library is opened with dlopen, so that who
# tells nothing to Kafka does not load it.
#
# Sets RdKafka_FOUND, RdKafka_INCLUDE_DIR, RdKafka_LIBRARY.
find_path(RdKafka_INCLUDE_DIR librdkafka/rdkafka.h)
find_library(RdKafka_LIBRARY NAMES rdkafka librdkafka.so.1)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(RdKafka REQUIRED_VARS RdKafka_INCLUDE_DIR)
mark_as_advanced(RdKafka_INCLUDE_DIR RdKafka_LIBRARY)

if(RdKafka_FOUND AND NOT TARGET RdKafka::RdKafka)
  set(rdkafka_library librdkafka.so.1)
  if(RdKafka_LIBRARY)
    set(rdkafka_library ${RdKafka_LIBRARY})
  endif()
  add_library(RdKafka::RdKafka INTERFACE IMPORTED)
  target_include_directories(RdKafka::RdKafka SYSTEM INTERFACE ${RdKafka_INCLUDE_DIR})
  target_compile_definitions(RdKafka::RdKafka INTERFACE HONE_HAVE_KAFKA=1 "HONE_KAFKA_LIBRARY=\"${rdkafka_library}\"")
  target_link_libraries(RdKafka::RdKafka INTERFACE ${CMAKE_DL_LIBS})
endif()
