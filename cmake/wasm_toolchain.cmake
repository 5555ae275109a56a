# Toolchain file of the WebAssembly presets: the Emscripten that scripts/setup.mjs chose (see scripts/setup/emscripten.mjs).
file(REAL_PATH "${CMAKE_CURRENT_LIST_DIR}/../.deps/emscripten/root" emscripten_root)
set(emscripten_toolchain "${emscripten_root}/cmake/Modules/Platform/Emscripten.cmake")
if(NOT EXISTS "${emscripten_toolchain}")
  message(FATAL_ERROR "There is no Emscripten in ${emscripten_root}. Run: npm run setup")
endif()
include("${emscripten_toolchain}")
