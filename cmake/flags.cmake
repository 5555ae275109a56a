# Compile flags of every file, third-party ones too, and those of our own code (the target inkdigit_flags).
if(EMSCRIPTEN)
  # On every file or on none: files with and without SIMD lay out the same struct differently.
  # Every browser with SIMD has bulk memory operations, which copy and fill at once what loops do byte by byte.
  add_compile_options(-msimd128 -mbulk-memory $<$<BOOL:${INKDIGIT_RELAXED_SIMD}>:-mrelaxed-simd>)
  add_link_options(-mbulk-memory)
  if(INKDIGIT_THREADS)
    add_compile_options(-pthread)
    add_link_options(-pthread)
  endif()
  # WebAssembly's own exceptions. Measured against -fexceptions, which wraps each call in JavaScript: the module is 9 % smaller
  # (741 against 817 KB, and 11 KB less JavaScript). Browsers have them since Chrome 95, Firefox 100 and Safari 15.2.
  add_compile_options(-fwasm-exceptions)
  add_link_options(-fwasm-exceptions)
  # For sources whose code should be small, because it is downloaded and does little of the work. They are optimised together:
  # the reader is 5 % smaller. Loops that should be fast stay out of that, for what a small function takes in becomes small, too.
  set(inkdigit_small_code -Oz -flto)
endif()

add_library(inkdigit_flags INTERFACE)
# -fno-math-errno lets std::sqrt become one instruction, of several values at once; nothing here reads errno.
target_compile_options(inkdigit_flags INTERFACE -Wall -Wextra -Wpedantic -Werror -fno-math-errno)

if(INKDIGIT_NATIVE_ARCH)
  include(CheckCXXCompilerFlag)
  # Clang 19 finds AVX10/256 beside the AVX-512 of some processors, and warns that the two contradict each other. AVX-512 has all
  # of it.
  foreach(flag -march=native -mno-avx10.1-256)
    string(MAKE_C_IDENTIFIER "compiler_has${flag}" compiler_has_flag)
    check_cxx_compiler_flag(${flag} ${compiler_has_flag})
    if(${compiler_has_flag})
      target_compile_options(inkdigit_flags INTERFACE ${flag})
    endif()
  endforeach()
endif()

if(INKDIGIT_SANITIZE)
  # Addresses are watched in every file, XNNPACK's kernels too: they read past the ends of buffers by design, but only
  # into the slack that our tensors carry. Undefined behaviour is looked for in our own code.
  add_compile_options(-fsanitize=address -fno-omit-frame-pointer -gline-tables-only)
  # -fno-sanitize-recover: a finding ends the program, so that no test passes over it.
  set(sanitizers -fsanitize=address,undefined -fno-sanitize-recover=all)
  target_compile_options(inkdigit_flags INTERFACE -O1 ${sanitizers}
    -fsanitize-ignorelist=${PROJECT_SOURCE_DIR}/cmake/sanitize_ignore.txt)
  add_link_options(${sanitizers})
endif()
