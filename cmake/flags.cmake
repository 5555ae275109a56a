# Compile flags. INKDIGIT_ARCH_FLAGS go to every file, third-party ones too (set by the toolchain file for WebAssembly,
# where mixing SIMD and plain files would give two layouts of the same struct). inkdigit_flags goes to our own code.
add_compile_options(${INKDIGIT_ARCH_FLAGS})
add_link_options(${INKDIGIT_ARCH_FLAGS})

add_library(inkdigit_flags INTERFACE)
target_compile_options(inkdigit_flags INTERFACE -Wall -Wextra -Wpedantic -Werror)

if(INKDIGIT_NATIVE_ARCH)
  include(CheckCXXCompilerFlag)
  check_cxx_compiler_flag(-march=native compiler_has_march_native)
  if(compiler_has_march_native)
    target_compile_options(inkdigit_flags INTERFACE -march=native)
  endif()
endif()
