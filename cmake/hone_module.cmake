# How modules, tests, benchmarks and fuzzers are declared. One call in each folder's CMakeLists.txt:
#
#   hone_module(NAME drift LAYER 5 DEPENDS base stats [TEST_DEPENDS market] [LIBRARIES fmt::fmt...] [PLUGIN folder]
#     DESCRIPTION "...")
#
# makes of the .cc files in that folder and below it (but not below PLUGIN, which builds a library that the module opens
# at run time)
#   hone_drift             a library of all but *_test.cc and *_bench.cc
#   drift_test             of *_test.cc: GoogleTest, every case known to ctest as drift.Suite.Case, label `unit`
#   drift_simulation_test  of *_simulation_test.cc: the same with label `heavy`, not built under sanitizers
#   drift_bench            of *_bench.cc, with HONE_BENCH: Google Benchmark
#
# DEPENDS names the modules whose headers this one includes, each of a lower layer (TEST_DEPENDS: those only its tests
# need). Anything else stops the configuration. hone_modules_done() writes what was declared for tests/architecture.
include(GoogleTest)

function(hone_module)
  cmake_parse_arguments(PARSE_ARGV 0 M "" "NAME;LAYER;PLUGIN;DESCRIPTION" "DEPENDS;TEST_DEPENDS;LIBRARIES")
  hone_check_module()
  set_property(GLOBAL PROPERTY HONE_LAYER_${M_NAME} ${M_LAYER})
  set_property(GLOBAL APPEND PROPERTY HONE_MODULES ${M_NAME})
  foreach(field DEPENDS TEST_DEPENDS DESCRIPTION)
    set_property(GLOBAL PROPERTY HONE_${field}_${M_NAME} "${M_${field}}")
  endforeach()

  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.cc")
  if(M_PLUGIN)
    hone_take(plugin sources "^${CMAKE_CURRENT_SOURCE_DIR}/${M_PLUGIN}/")
  endif()
  hone_take(simulations sources "_simulation_test\\.cc$")
  hone_take(tests sources "_test\\.cc$")
  hone_take(benches sources "_bench\\.cc$")

  list(TRANSFORM M_DEPENDS PREPEND hone_)
  list(TRANSFORM M_TEST_DEPENDS PREPEND hone_)
  if(sources)
    add_library(hone_${M_NAME} STATIC ${sources})
    hone_unity(hone_${M_NAME} ${sources})
    set(scope PUBLIC)
  else()
    add_library(hone_${M_NAME} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_link_libraries(hone_${M_NAME} ${scope} hone_options ${M_DEPENDS} ${M_LIBRARIES})
  if(tests)
    hone_test(NAME ${M_NAME}_test PREFIX ${M_NAME} SOURCES ${tests} LIBRARIES hone_${M_NAME} ${M_TEST_DEPENDS})
  endif()
  if(simulations AND NOT HONE_SANITIZE)
    hone_test(NAME ${M_NAME}_simulation_test PREFIX ${M_NAME} SOURCES ${simulations} LABELS heavy TIMEOUT 600
      LIBRARIES hone_${M_NAME} ${M_TEST_DEPENDS})
  endif()
  if(benches AND HONE_BENCH)
    add_executable(${M_NAME}_bench ${benches})
    target_link_libraries(${M_NAME}_bench PRIVATE hone_${M_NAME} benchmark::benchmark_main)
  endif()
endfunction()

# Moves the entries of `list` that match the pattern into `taken`.
macro(hone_take taken list pattern)
  set(${taken} ${${list}})
  list(FILTER ${taken} INCLUDE REGEX "${pattern}")
  list(FILTER ${list} EXCLUDE REGEX "${pattern}")
endmacro()

macro(hone_check_module)
  set(where "hone_module(${M_NAME}) in ${CMAKE_CURRENT_SOURCE_DIR}")
  foreach(field NAME LAYER DESCRIPTION)
    if(NOT DEFINED M_${field})
      message(FATAL_ERROR "${where}: ${field} is missing")
    endif()
  endforeach()
  if(M_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "${where}: unknown argument ${M_UNPARSED_ARGUMENTS}")
  endif()
  get_filename_component(folder ${CMAKE_CURRENT_SOURCE_DIR} NAME)
  if(NOT folder STREQUAL M_NAME)
    message(FATAL_ERROR "${where}: a module is named like its folder, ${folder}")
  endif()
  foreach(dependency IN LISTS M_DEPENDS M_TEST_DEPENDS)
    get_property(layer GLOBAL PROPERTY HONE_LAYER_${dependency})
    if("${layer}" STREQUAL "")
      message(FATAL_ERROR "${where}: no module ${dependency} is declared before it (order: src/CMakeLists.txt)")
    elseif(layer GREATER_EQUAL M_LAYER)
      message(FATAL_ERROR "${where}: layer ${M_LAYER} may not depend on ${dependency} of layer ${layer}")
    endif()
  endforeach()
endmacro()

# GoogleTest's headers, compiled once for all tests: parsing them is most of what a short test costs to compile. Tests are
# optimised little for the same reason; what they test is optimised as ever. g++ 12 then sees faults in its own library's
# strings that are none.
set(HONE_TEST_OPTIONS -O1)
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
  list(APPEND HONE_TEST_OPTIONS -Wno-array-bounds -Wno-free-nonheap-object -Wno-restrict -Wno-stringop-overflow -Wno-stringop-overread)
endif()

function(hone_test_headers)
  if(TARGET hone_test_headers)
    return()
  endif()
  file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/hone_test_headers.cc CONTENT "// carries precompiled headers\n")
  add_library(hone_test_headers OBJECT ${CMAKE_BINARY_DIR}/hone_test_headers.cc)
  target_link_libraries(hone_test_headers PRIVATE hone_options GTest::gmock GTest::gtest)
  target_compile_options(hone_test_headers PRIVATE ${HONE_TEST_OPTIONS})
  target_precompile_headers(hone_test_headers PRIVATE <gmock/gmock.h> <gtest/gtest.h>)
  if(CMAKE_CXX_COMPILER_ID STREQUAL Clang)
    target_compile_options(hone_test_headers PRIVATE -Xclang -fno-pch-timestamp)  # or ccache would not keep what is compiled with them
  endif()
endfunction()

# Whether a source in this folder or below it has to do with threads; only then ThreadSanitizer has something to see.
function(hone_has_threads variable)
  set(${variable} OFF PARENT_SCOPE)
  file(GLOB_RECURSE sources "${CMAKE_CURRENT_SOURCE_DIR}/*.cc" "${CMAKE_CURRENT_SOURCE_DIR}/*.h")
  foreach(source IN LISTS sources)
    file(STRINGS ${source} found LIMIT_COUNT 1
      REGEX "#include (<(atomic|condition_variable|future|mutex|shared_mutex|thread)>|\"base/executor\\.h\")")
    if(found)
      set(${variable} ON PARENT_SCOPE)
      return()
    endif()
  endforeach()
endfunction()

# hone_test(NAME x SOURCES a_test.cc... LIBRARIES target... [PREFIX x] [LABELS unit] [TIMEOUT 300]): a GoogleTest
# executable whose cases ctest knows one by one as PREFIX.Suite.Case. Under ThreadSanitizer a folder without threads has none.
function(hone_test)
  cmake_parse_arguments(T "" "NAME;PREFIX;TIMEOUT" "SOURCES;LIBRARIES;LABELS" ${ARGN})
  if(NOT HONE_TESTS)
    return()
  endif()
  if(HONE_SANITIZE STREQUAL thread)
    hone_has_threads(threads)
    if(NOT threads)
      return()
    endif()
  endif()
  foreach(default PREFIX=${T_NAME} TIMEOUT=300 LABELS=unit)
    string(REGEX MATCH "^([A-Z]+)=(.*)$" _ ${default})
    if(NOT DEFINED T_${CMAKE_MATCH_1})
      set(T_${CMAKE_MATCH_1} ${CMAKE_MATCH_2})
    endif()
  endforeach()
  if(HONE_SANITIZE)
    math(EXPR T_TIMEOUT "${T_TIMEOUT} * 4")
  endif()
  hone_test_headers()
  add_executable(${T_NAME} ${T_SOURCES})
  hone_unity(${T_NAME} ${T_SOURCES})
  target_link_libraries(${T_NAME} PRIVATE ${T_LIBRARIES} hone_options GTest::gmock GTest::gtest GTest::gtest_main)
  target_compile_options(${T_NAME} PRIVATE ${HONE_TEST_OPTIONS})
  target_precompile_headers(${T_NAME} REUSE_FROM hone_test_headers)
  gtest_discover_tests(${T_NAME} TEST_PREFIX ${T_PREFIX}. NO_PRETTY_VALUES DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 60
    PROPERTIES TIMEOUT ${T_TIMEOUT} LABELS "${T_LABELS}")
endfunction()

# hone_count_allocations(module): the module's tests count calls of operator new (base/testing/allocation_count.h).
function(hone_count_allocations module)
  if(TARGET ${module}_test)
    target_sources(${module}_test PRIVATE ${PROJECT_SOURCE_DIR}/src/base/testing/allocation_count_test.cc)
  endif()
endfunction()

# Writes, into the build folder, modules.tsv (name, layer, dependencies, test dependencies, description) and the table
# that src/README.md holds; the target `module_table` copies the table there.
function(hone_modules_done)
  get_property(modules GLOBAL PROPERTY HONE_MODULES)
  set(rows "")
  set(table "# The modules, in data order\n\n"
    "Data goes down this table; a module may use only the modules it names, each of a lower layer. The table is made from\n"
    "the `hone_module(...)` declarations: `cmake --build build/dev --target module_table` writes it anew.\n\n"
    "| layer | module | uses | what it holds |\n|---|---|---|---|\n")
  string(CONCAT table ${table})
  foreach(module IN LISTS modules)
    foreach(field LAYER DEPENDS TEST_DEPENDS DESCRIPTION)
      get_property(${field} GLOBAL PROPERTY HONE_${field}_${module})
    endforeach()
    list(JOIN DEPENDS " " uses)
    list(JOIN TEST_DEPENDS " " test_uses)
    string(APPEND rows "${module}\t${LAYER}\t${uses}\t${test_uses}\t${DESCRIPTION}\n")
    string(APPEND table "| ${LAYER} | [`${module}`](${module}) | ${uses} | ${DESCRIPTION} |\n")
  endforeach()
  file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/modules.tsv CONTENT "${rows}" @ONLY)
  file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/module_table.md CONTENT "${table}" @ONLY)
  add_custom_target(module_table
    ${CMAKE_COMMAND} -E copy ${CMAKE_BINARY_DIR}/module_table.md ${CMAKE_SOURCE_DIR}/src/README.md VERBATIM)
endfunction()
