# XGBoost's C API: IMPORTED target XGBoost::XGBoost, found through CMAKE_PREFIX_PATH.
#
# The target carries the headers and two definitions: HONE_HAVE_XGBOOST=1, and HONE_XGBOOST_LIBRARY, the library's full
# path as a string literal. A module that can do without links $<TARGET_NAME_IF_EXISTS:XGBoost::XGBoost>.
# It does not link the library: OpenMP reads its environment when libgomp loads, so a program opens the library with
# dlopen after it has set OMP_WAIT_POLICY.
#
# Sets XGBoost_FOUND, XGBoost_VERSION, XGBoost_INCLUDE_DIR, XGBoost_LIBRARY.
find_path(XGBoost_INCLUDE_DIR xgboost/c_api.h)
find_library(XGBoost_LIBRARY NAMES xgboost)

set(XGBoost_VERSION "")
if(XGBoost_INCLUDE_DIR AND EXISTS ${XGBoost_INCLUDE_DIR}/xgboost/version_config.h)
  file(STRINGS ${XGBoost_INCLUDE_DIR}/xgboost/version_config.h numbers REGEX "^#define XGBOOST_VER_(MAJOR|MINOR|PATCH) ")
  string(REGEX MATCHALL "[0-9]+" numbers "${numbers}")
  list(JOIN numbers "." XGBoost_VERSION)
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(XGBoost REQUIRED_VARS XGBoost_LIBRARY XGBoost_INCLUDE_DIR
  VERSION_VAR XGBoost_VERSION)
mark_as_advanced(XGBoost_INCLUDE_DIR XGBoost_LIBRARY)

if(XGBoost_FOUND AND NOT TARGET XGBoost::XGBoost)
  add_library(XGBoost::XGBoost INTERFACE IMPORTED)
  target_include_directories(XGBoost::XGBoost SYSTEM INTERFACE ${XGBoost_INCLUDE_DIR})
  target_compile_definitions(XGBoost::XGBoost INTERFACE HONE_HAVE_XGBOOST=1
    "HONE_XGBOOST_LIBRARY=\"${XGBoost_LIBRARY}\"")
  target_link_libraries(XGBoost::XGBoost INTERFACE ${CMAKE_DL_LIBS})
endif()
