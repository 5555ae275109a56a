# pthreadpool, XNNPACK's thread pool. Its own CMake project takes the one-threaded shim for every Emscripten build,
# so the sources are named here. FXdiv comes along: a header, integer division by a constant.
inkdigit_source(pthreadpool)
inkdigit_source(fxdiv)

if(EMSCRIPTEN AND NOT INKDIGIT_THREADS)
  add_library(pthreadpool STATIC "${pthreadpool_SOURCE_DIR}/src/shim.c")
else()
  add_library(pthreadpool STATIC
    "${pthreadpool_SOURCE_DIR}/src/fastpath.c"
    "${pthreadpool_SOURCE_DIR}/src/memory.c"
    "${pthreadpool_SOURCE_DIR}/src/portable-api.c"
    "${pthreadpool_SOURCE_DIR}/src/pthreads.c")
  set(THREADS_PREFER_PTHREAD_FLAG ON)
  find_package(Threads REQUIRED)
  target_link_libraries(pthreadpool PUBLIC Threads::Threads)
  target_compile_definitions(pthreadpool PRIVATE PTHREADPOOL_USE_FASTPATH=1)
endif()

set_target_properties(pthreadpool PROPERTIES C_STANDARD 11 C_STANDARD_REQUIRED ON C_EXTENSIONS ON)
target_include_directories(pthreadpool SYSTEM
  PUBLIC "${pthreadpool_SOURCE_DIR}/include"
  PRIVATE "${pthreadpool_SOURCE_DIR}/src" "${fxdiv_SOURCE_DIR}/include")
target_compile_definitions(pthreadpool PUBLIC PTHREADPOOL_NO_DEPRECATED_API=1)
target_compile_options(pthreadpool PRIVATE -O2 -w)
