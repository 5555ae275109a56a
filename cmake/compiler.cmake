# Chooses the native compiler before project(): clang 19, else clang, else CMake's own choice.
# Clang compiles XNNPACK's kernels to faster code than GCC, and has both sanitizers.
# CC and CXX, or -DCMAKE_C_COMPILER=…, win over this.
if(NOT CMAKE_TOOLCHAIN_FILE AND NOT DEFINED CMAKE_C_COMPILER AND NOT DEFINED CMAKE_CXX_COMPILER
   AND NOT DEFINED ENV{CC} AND NOT DEFINED ENV{CXX})
  find_program(INKDIGIT_CLANG NAMES clang-19 clang)
  find_program(INKDIGIT_CLANGXX NAMES clang++-19 clang++)
  if(INKDIGIT_CLANG AND INKDIGIT_CLANGXX)
    set(CMAKE_C_COMPILER "${INKDIGIT_CLANG}" CACHE FILEPATH "C compiler")
    set(CMAKE_CXX_COMPILER "${INKDIGIT_CLANGXX}" CACHE FILEPATH "C++ compiler")
  endif()
endif()

# ccache makes every build after the first one short. Depend mode takes the headers from the compiler's own list instead
# of running the preprocessor first (which for emcc doubles the time); the base folder lets clones share results.
find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  set(ccache "${CMAKE_COMMAND}" -E env CCACHE_DEPEND=1 "CCACHE_BASEDIR=${CMAKE_CURRENT_SOURCE_DIR}" CCACHE_NOHASHDIR=1
    "${CCACHE_PROGRAM}")
  set(CMAKE_C_COMPILER_LAUNCHER "${ccache}" CACHE STRING "C compiler launcher")
  set(CMAKE_CXX_COMPILER_LAUNCHER "${ccache}" CACHE STRING "C++ compiler launcher")
endif()
