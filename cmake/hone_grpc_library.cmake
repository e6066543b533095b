# hone_grpc_library(name file.proto): a library of the messages and services that a .proto declares.
#
# The sources are generated into the build folder when the build is configured, not when it runs, so that clang-tidy and
# the check that headers compile alone find the headers at once. They are compiled without our warnings, and included
# as system headers (<x.pb.h>). Links protobuf and gRPC as Debian packs them: protobuf-compiler-grpc, libgrpc++-dev.
find_package(Protobuf REQUIRED)
find_program(HONE_GRPC_PLUGIN grpc_cpp_plugin REQUIRED)
find_library(HONE_GRPCPP_LIBRARY grpc++ REQUIRED)
find_library(HONE_GRPC_LIBRARY grpc REQUIRED)
find_library(HONE_GPR_LIBRARY gpr REQUIRED)
find_library(HONE_ABSL_LIBRARY absl_synchronization REQUIRED)  # of which grpcpp headers use a mutex

function(hone_grpc_library name proto)
  get_filename_component(proto ${proto} ABSOLUTE)
  get_filename_component(folder ${proto} DIRECTORY)
  get_filename_component(stem ${proto} NAME_WE)
  set(out ${CMAKE_CURRENT_BINARY_DIR}/${name})
  set(sources ${out}/${stem}.pb.cc ${out}/${stem}.grpc.pb.cc)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${proto})
  if(NOT EXISTS ${out}/${stem}.grpc.pb.cc OR ${proto} IS_NEWER_THAN ${out}/${stem}.grpc.pb.cc)
    file(MAKE_DIRECTORY ${out})
    execute_process(COMMAND ${Protobuf_PROTOC_EXECUTABLE} -I ${folder} --cpp_out=${out} --grpc_out=${out}
      --plugin=protoc-gen-grpc=${HONE_GRPC_PLUGIN} ${proto} COMMAND_ERROR_IS_FATAL ANY)
  endif()
  add_library(${name} STATIC ${sources})
  target_compile_options(${name} PRIVATE -w)
  target_include_directories(${name} SYSTEM PUBLIC ${out})
  target_link_libraries(${name} PUBLIC protobuf::libprotobuf ${HONE_GRPCPP_LIBRARY} ${HONE_GRPC_LIBRARY}
    ${HONE_GPR_LIBRARY} ${HONE_ABSL_LIBRARY})
endfunction()
