// XNNPACK's f32-qs8-vcvt and f32-qu8-vcvt kernels for WebAssembly include <arm_neon.h> where they mean this.
#pragma once
#include <wasm_simd128.h>
