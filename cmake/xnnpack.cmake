# XNNPACK as one static library of our own, the same for every preset. Its own CMake project refuses Emscripten and has
# no WebAssembly kernels; what it does have are generated lists of the kernels its production configurations use, one
# list per instruction set. We take those, add the operators we call, and leave out its graph runtime ("subgraph").
inkdigit_source(xnnpack)
inkdigit_source(fp16)

set(operators
  batch-matrix-multiply-nc
  convolution-nhwc
  fully-connected-nc
  max-pooling-nhwc
  transpose-nd
  unary-elementwise-nc)
list(TRANSFORM operators PREPEND "src/operators/")
list(TRANSFORM operators APPEND ".c")

# The configurations (which kernel for which processor) of those operators.
set(configs
  binary-elementwise dwconv experiments gemm hardware lut32norm maxpool raddstoreexpminusmax reduce rmax transpose
  unary-elementwise vmulcaddc x8-lut)
list(TRANSFORM configs PREPEND "src/configs/")
list(TRANSFORM configs APPEND "-config.c")

set(tables exp2-k-over-64 exp2-k-over-2048 exp2minus-k-over-4 exp2minus-k-over-8 exp2minus-k-over-16
  exp2minus-k-over-32 exp2minus-k-over-64 exp2minus-k-over-2048 vlog)
list(TRANSFORM tables PREPEND "src/tables/")
list(TRANSFORM tables APPEND ".c")

set(xnnpack_sources
  ${operators} ${configs} ${tables}
  src/allocator.c
  src/cache.c
  src/datatype.c
  src/enums/allocation-type.c
  src/enums/datatype-strings.c
  src/enums/microkernel-type.c
  src/enums/node-type.c
  src/enums/operator-type.c
  src/indirection.c
  src/init.c
  src/log.c
  src/memory.c
  src/microkernel-utils.c
  src/microparams-init.c
  src/mutex.c
  src/normalization.c
  src/operator-delete.c
  src/operator-run.c
  src/operator-utils.c
  src/params.c
  src/reference/packing.cc
  src/reference/unary-elementwise.cc)

# Kernels of operators that are not built here; nothing above refers to them.
set(unused_kernels "/[^/]*-(argmaxpool|avgpool|conv-hwc2chw|dwconv2d-chw|fill|ibilinear|ibilinear-chw|pad|pavgpool|spmm|unpool|\
vcmul|zip)/")

# For WebAssembly, whose linker minds no name that is missing where nothing needs it, the kernels that are used: the
# build takes a quarter of the time.
set(used_kernels "/(f32-(gemm|gemminc|igemm|maxpool|vtanh|vclamp|raddstoreexpminusmax|rmax|rminmax|vbinary|vmulcaddc)|\
x32-packw|x32-transposec|x8-packw|qs8-packw|x(8|16|24|64)-transposec|qs8-qc8w-(gemm|igemm)|qd8-f32-qc8w-(gemm|igemm)|s8-maxpool|\
xx-[a-z]+|x32-.*)/")

# Adds the production kernels of one instruction set, compiled with that set's own flags.
function(xnnpack_kernels set)
  include("${xnnpack_SOURCE_DIR}/cmake/gen/${set}_microkernels.cmake")
  string(TOUPPER "${set}" upper)
  set(kernels ${PROD_${upper}_MICROKERNEL_SRCS})
  list(FILTER kernels EXCLUDE REGEX "${unused_kernels}")
  if(EMSCRIPTEN)
    list(FILTER kernels INCLUDE REGEX "${used_kernels}")
  endif()
  list(REMOVE_DUPLICATES kernels)
  list(TRANSFORM kernels REPLACE "^src/" "")
  inkdigit_batches(batches xnnpack_${set} c ${kernels})
  add_library(xnnpack_${set} OBJECT EXCLUDE_FROM_ALL ${batches})
  # -fno-math-errno lets sqrtf and friends become one instruction; it changes no result.
  target_compile_options(xnnpack_${set} PRIVATE -fno-math-errno ${ARGN})
  target_link_libraries(xnnpack_${set} PRIVATE xnnpack_settings)
  target_sources(xnnpack PRIVATE $<TARGET_OBJECTS:xnnpack_${set}>)
endfunction()

# As xnnpack_kernels, for a set that an older compiler may not know: then XNNPACK is told to do without.
include(CheckCCompilerFlag)
function(xnnpack_optional_kernels set)
  string(TOUPPER "${set}" upper)
  string(REPLACE ";" " " flags "${ARGN}")
  check_c_compiler_flag("${flags}" compiler_has_${set})
  if(compiler_has_${set})
    xnnpack_kernels(${set} ${ARGN})
  endif()
  target_compile_definitions(xnnpack_settings INTERFACE XNN_ENABLE_${upper}=$<BOOL:${compiler_has_${set}}>)
endfunction()

# What every file of XNNPACK is compiled with.
add_library(xnnpack_settings INTERFACE)
target_include_directories(xnnpack_settings SYSTEM INTERFACE
  "${xnnpack_SOURCE_DIR}/include" "${xnnpack_SOURCE_DIR}/src" "${fp16_SOURCE_DIR}/include" "${fxdiv_SOURCE_DIR}/include")
target_link_libraries(xnnpack_settings INTERFACE pthreadpool)
target_compile_features(xnnpack_settings INTERFACE c_std_99 cxx_std_17)
target_compile_options(xnnpack_settings INTERFACE -O2 -w)
target_compile_definitions(xnnpack_settings INTERFACE
  XNN_LOG_LEVEL=0
  XNN_ENABLE_ASSEMBLY=0
  XNN_ENABLE_DWCONV_MULTIPASS=0
  XNN_ENABLE_GEMM_M_SPECIALIZATION=1
  XNN_ENABLE_MEMOPT=1
  XNN_ENABLE_SPARSE=0
  XNN_ENABLE_KLEIDIAI=0
  XNN_ENABLE_HVX=0
  XNN_ENABLE_VSX=0
  XNN_ENABLE_RISCV_VECTOR=0
  XNN_ENABLE_CPUINFO=$<IF:$<BOOL:${EMSCRIPTEN}>,0,1>)

if(EMSCRIPTEN)
  # Configurations are asked for by operators that could use them but here never do, and bring all their kernels along.
  # In the place of such a one stands a function that knows none, which XNNPACK takes for "not on this hardware".
  list(REMOVE_ITEM xnnpack_sources src/configs/unary-elementwise-config.c src/configs/dwconv-config.c
    src/configs/x8-lut-config.c src/reference/unary-elementwise.cc)
  set(absent x8_lut xx_copy
    f16_dwconv qu8_dwconv
    f16_abs f16_clamp f16_elu f16_hswish f16_lrelu f16_neg f16_rndd f16_rndne f16_rndu f16_rsqrt f16_sigmoid f16_sqr
    f16_sqrt f16_tanh f16_to_f32_cvt f16_to_qs8_cvt
    f32_abs f32_elu f32_exp f32_gelu f32_hswish f32_log f32_lrelu f32_neg f32_rndd f32_rndne f32_rndu f32_rsqrt
    f32_sigmoid f32_sqr f32_sqrt f32_to_f16_cvt f32_to_qp8_cvt f32_to_qs8_cvt f32_to_qu8_cvt
    qs8_cvt qs8_lrelu qs8_to_f16_cvt qs8_to_f32_cvt qu8_cvt qu8_lrelu qu8_to_f32_cvt s8_clamp u8_clamp)
  set(text)
  foreach(name IN LISTS absent)
    string(APPEND text "const void* xnn_init_${name}_config(void) { return 0; }\n")
  endforeach()
  file(CONFIGURE OUTPUT "${PROJECT_BINARY_DIR}/batches/absent_configs.c" CONTENT "${text}" @ONLY)
endif()

list(TRANSFORM xnnpack_sources PREPEND "${xnnpack_SOURCE_DIR}/")
if(EMSCRIPTEN)
  # Nor are the weights of such convolutions ever packed (see no_dwconv in xnnpack_configs.c): what would do so is named like a function there that only stops.
  set_source_files_properties("${xnnpack_SOURCE_DIR}/src/operators/convolution-nhwc.c" PROPERTIES COMPILE_DEFINITIONS
    "xnn_pack_f32_dwconv_ghw_w=xnn_pack_nothing_f32;xnn_pack_f32_dwconv_hwg_w=xnn_pack_nothing_f32;\
xnn_pack_qs8_dwconv_ghw_w=xnn_pack_nothing_qs8;xnn_pack_qs8_dwconv_hwg_w=xnn_pack_nothing_qs8")
  # int8 runs on microkernels of our own.
  set(own_sources src/wasm/xnnpack_configs.c src/wasm/dot_kernels.c src/wasm/dot_packing.c)
  list(TRANSFORM own_sources PREPEND "${PROJECT_SOURCE_DIR}/")
  # What prepares the operators' work, and does none of it, should be small.
  set(small_sources ${xnnpack_sources})
  list(FILTER small_sources INCLUDE REGEX "/src/(operators|configs|tables|enums|[^/]*[.]c)")
  list(FILTER small_sources EXCLUDE REGEX "/src/indirection[.]c")
  set_source_files_properties(${small_sources} PROPERTIES COMPILE_OPTIONS "${inkdigit_small_code}")
  set_source_files_properties(${own_sources} PROPERTIES INCLUDE_DIRECTORIES "${PROJECT_SOURCE_DIR}/src")
  list(APPEND xnnpack_sources "${PROJECT_BINARY_DIR}/batches/absent_configs.c" ${own_sources})
  set_source_files_properties("${xnnpack_SOURCE_DIR}/src/configs/gemm-config.c" PROPERTIES COMPILE_DEFINITIONS
    "xnn_init_qs8_qc8w_gemm_config=xnn_unused_qs8_qc8w_gemm_config;\
xnn_init_qd8_f32_qc8w_gemm_config=xnn_unused_qd8_f32_qc8w_gemm_config")
endif()
add_library(xnnpack STATIC ${xnnpack_sources})
target_include_directories(xnnpack SYSTEM INTERFACE "${xnnpack_SOURCE_DIR}/include")
target_link_libraries(xnnpack PRIVATE xnnpack_settings PUBLIC pthreadpool)

xnnpack_kernels(scalar)
if(EMSCRIPTEN)
  xnnpack_kernels(wasm)
  xnnpack_kernels(wasmsimd)
  if(INKDIGIT_RELAXED_SIMD)
    xnnpack_kernels(wasmrelaxedsimd)
  endif()
  # Two kernels include <arm_neon.h> by mistake; this folder has one that means <wasm_simd128.h>.
  target_include_directories(xnnpack_settings BEFORE INTERFACE "${PROJECT_SOURCE_DIR}/cmake/wasm_shim")
elseif(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64|amd64)$")
  target_link_libraries(xnnpack_settings INTERFACE cpuinfo m)
  set(avx2 -mavx2 -mfma -mf16c)
  set(avx512 -mf16c -mfma -mavx512f -mavx512cd -mavx512bw -mavx512dq -mavx512vl)
  xnnpack_kernels(sse -msse)
  xnnpack_kernels(sse2 -msse2)
  xnnpack_kernels(ssse3 -mssse3)
  xnnpack_kernels(sse41 -msse4.1)
  xnnpack_kernels(avx -mavx)
  xnnpack_kernels(f16c -mf16c)
  xnnpack_kernels(fma3 -mfma -mf16c)
  xnnpack_kernels(avx2 ${avx2})
  xnnpack_optional_kernels(avxvnni ${avx2} -mavxvnni)
  xnnpack_optional_kernels(avxvnniint8 ${avx2} -mavxvnniint8)
  xnnpack_optional_kernels(avx512f -mavx512f)
  xnnpack_optional_kernels(avx256skx ${avx512})
  xnnpack_optional_kernels(avx512skx ${avx512})
  xnnpack_optional_kernels(avx512vbmi ${avx512} -mavx512vbmi)
  xnnpack_optional_kernels(avx256vnni ${avx512} -mavx512vnni)
  xnnpack_optional_kernels(avx512vnni ${avx512} -mavx512vnni)
  xnnpack_optional_kernels(avx512vnnigfni ${avx512} -mavx512vnni -mgfni)
  # Sets that only half-precision or tile arithmetic would use, which this project does not.
  target_compile_definitions(xnnpack_settings INTERFACE
    XNN_ENABLE_AVX256VNNIGFNI=0 XNN_ENABLE_AVX512FP16=0 XNN_ENABLE_AVX512AMX=0)
else()
  message(FATAL_ERROR "The native build knows XNNPACK's kernels for x86-64 only, not for ${CMAKE_SYSTEM_PROCESSOR}. "
    "The WebAssembly presets build on any machine: cmake --preset wasm")
endif()
