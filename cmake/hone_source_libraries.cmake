# hone_source_libraries(variable file): reads the modules and targets that a source names in its first line,
#
#   // libraries: market fmt::fmt
#
# and returns the targets to link (hone_market fmt::fmt). Benchmarks in bench/ and fuzzers in fuzz/ are declared so.
function(hone_source_libraries variable file)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  file(STRINGS ${file} first LIMIT_COUNT 1)
  if(NOT first MATCHES "^// libraries: (.+)$")
    message(FATAL_ERROR "${file}: the first line must be '// libraries: ' and the modules it needs, e.g. '// libraries: market'")
  endif()
  string(REGEX REPLACE " +" ";" names "${CMAKE_MATCH_1}")
  set(targets "")
  foreach(name IN LISTS names)
    if(TARGET hone_${name})
      list(APPEND targets hone_${name})
    elseif(name MATCHES "::")
      list(APPEND targets ${name})
    else()
      message(FATAL_ERROR "${file}: there is no module ${name}")
    endif()
  endforeach()
  set(${variable} ${targets} PARENT_SCOPE)
endfunction()
