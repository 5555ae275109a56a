# The third-party libraries, each from the pinned source that scripts/setup.mjs unpacked into
# <INKDIGIT_DEPS_DIR>/sources/<name> (cmake/dependencies.json says which, and their checksums).
set(INKDIGIT_DEPS_DIR "${PROJECT_SOURCE_DIR}/.deps" CACHE PATH
    "What scripts/setup.mjs fetched: sources/, emscripten/")

# Sets <name>_SOURCE_DIR in the caller, or stops with what to do.
function(inkdigit_source name)
  set(folder "${INKDIGIT_DEPS_DIR}/sources/${name}")
  if(NOT IS_DIRECTORY "${folder}")
    message(FATAL_ERROR "The source of ${name} is missing (${folder}). Run: npm run setup")
  endif()
  set(${name}_SOURCE_DIR "${folder}" PARENT_SCOPE)
endfunction()

include(cmake/batches.cmake)
include(cmake/pthreadpool.cmake)
if(NOT EMSCRIPTEN)
  include(cmake/cpuinfo.cmake)
endif()
include(cmake/xnnpack.cmake)
include(cmake/catch2.cmake)

# Header-only libraries. SYSTEM: their warnings are not ours to mend.
inkdigit_source(libstb)
add_library(stb INTERFACE)
target_include_directories(stb SYSTEM INTERFACE "${libstb_SOURCE_DIR}")

inkdigit_source(nlohmann-json3)
add_library(nlohmann_json INTERFACE)
target_include_directories(nlohmann_json SYSTEM INTERFACE "${nlohmann-json3_SOURCE_DIR}/include")
add_library(nlohmann_json::nlohmann_json ALIAS nlohmann_json)

if(NOT EMSCRIPTEN)
  inkdigit_source(cli11)
  add_library(CLI11 INTERFACE)
  target_include_directories(CLI11 SYSTEM INTERFACE "${cli11_SOURCE_DIR}/include")
  add_library(CLI11::CLI11 ALIAS CLI11)
endif()
