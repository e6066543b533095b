# LightGBM's C API: IMPORTED target LightGBM::LightGBM, found through CMAKE_PREFIX_PATH.
#
# The target carries the headers and two definitions: HONE_HAVE_LIGHTGBM=1, and HONE_LIGHTGBM_LIBRARY, the library's full
# path as a string literal. A module that can do without links $<TARGET_NAME_IF_EXISTS:LightGBM::LightGBM>.
# It does not link the library: OpenMP reads its environment when libgomp loads, so a program opens the library with
# dlopen after it has set OMP_WAIT_POLICY.
#
# Sets LightGBM_FOUND, LightGBM_INCLUDE_DIR, LightGBM_LIBRARY.
find_path(LightGBM_INCLUDE_DIR LightGBM/c_api.h)
find_library(LightGBM_LIBRARY NAMES _lightgbm lightgbm)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(LightGBM REQUIRED_VARS LightGBM_LIBRARY LightGBM_INCLUDE_DIR)
mark_as_advanced(LightGBM_INCLUDE_DIR LightGBM_LIBRARY)

if(LightGBM_FOUND AND NOT TARGET LightGBM::LightGBM)
  add_library(LightGBM::LightGBM INTERFACE IMPORTED)
  target_include_directories(LightGBM::LightGBM SYSTEM INTERFACE ${LightGBM_INCLUDE_DIR})
  target_compile_definitions(LightGBM::LightGBM INTERFACE HONE_HAVE_LIGHTGBM=1
    "HONE_LIGHTGBM_LIBRARY=\"${LightGBM_LIBRARY}\"")
  target_link_libraries(LightGBM::LightGBM INTERFACE ${CMAKE_DL_LIBS})
endif()
