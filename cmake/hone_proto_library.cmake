# hone_proto_library(name file.proto): a library of the messages that a .proto declares, as hone_grpc_library makes one
# of messages and services: generated when the build is configured, compiled without our warnings, included as system
# headers (<x.pb.h>). Links protobuf alone.
find_package(Protobuf REQUIRED)

function(hone_proto_library name proto)
  get_filename_component(proto ${proto} ABSOLUTE)
  get_filename_component(folder ${proto} DIRECTORY)
  get_filename_component(stem ${proto} NAME_WE)
  set(out ${CMAKE_CURRENT_BINARY_DIR}/${name})
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${proto})
  if(NOT EXISTS ${out}/${stem}.pb.cc OR ${proto} IS_NEWER_THAN ${out}/${stem}.pb.cc)
    file(MAKE_DIRECTORY ${out})
    execute_process(COMMAND ${Protobuf_PROTOC_EXECUTABLE} -I ${folder} --cpp_out=${out} ${proto}
      COMMAND_ERROR_IS_FATAL ANY)
  endif()
  add_library(${name} STATIC ${out}/${stem}.pb.cc)
  target_compile_options(${name} PRIVATE -w)
  target_include_directories(${name} SYSTEM PUBLIC ${out})
  target_link_libraries(${name} PUBLIC protobuf::libprotobuf)
endfunction()
