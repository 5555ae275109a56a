// XNNPACK's choice of kernels, for WebAssembly, where its own would bring along many that this
// project never runs, and a linker must take them all: a fifth of the module. Elementwise, tanh and
// clamp are used, of fifty functions and types.
#include <stddef.h>
#include <xnnpack/config.h>
#include <xnnpack/hardware-config.h>
#include <xnnpack/microparams-init.h>
#include <xnnpack/vunary.h>

static struct xnn_unary_elementwise_config clamp, tanh_;

const struct xnn_unary_elementwise_config* xnn_init_f32_clamp_config(void) {
  clamp.ukernel = (xnn_vunary_ukernel_fn)xnn_f32_vclamp_ukernel__wasmsimd_x86_u8;
  clamp.init = (xnn_init_unary_uparams_fn)xnn_init_f32_clamp_scalar_params;
  return &clamp;
}

const struct xnn_unary_elementwise_config* xnn_init_f32_tanh_config(void) {
  tanh_.ukernel = (xnn_vunary_ukernel_fn)xnn_f32_vtanh_ukernel__wasmsimd_rational_9_8_div_u8;
  return &tanh_;
}

// Convolutions of one channel to one: without kernels of their own they are done as all others. All
// zeros means none.
static const struct xnn_dwconv_config
    no_dwconv[XNN_MAX_F32_DWCONV_UKERNELS + XNN_MAX_QC8_DWCONV_UKERNELS];

const struct xnn_dwconv_config* xnn_init_f32_dwconv_config(void) { return no_dwconv; }
const struct xnn_dwconv_config* xnn_init_qs8_qc8w_dwconv_config(void) { return no_dwconv; }

// In the place of XNNPACK's own (cmake/xnnpack.cmake renames those). Packing functions for weights
// in other orders, which this project does not have, are left out.
#include "wasm/dot_kernels.h"

static void choose_tiles(struct xnn_gemm_config* config) {
  config->mr = kRows;
  config->nr = kColumns;
  config->log2_kr = __builtin_ctz(kDepth);
  config->pack_gemm_goi = (xnn_packw_gemm_goi_ukernel_fn)inkdigit_pack_rows;
}

static struct xnn_gemm_config convolution, dense;

const struct xnn_gemm_config* xnn_init_qs8_qc8w_gemm_config(void) {
  choose_tiles(&convolution);
  convolution.minmax.gemm[0] = xnn_init_hmp_gemm_ukernel(inkdigit_gemm_row);
  convolution.minmax.gemm[kRows - 1] = xnn_init_hmp_gemm_ukernel(inkdigit_gemm_tile);
  convolution.minmax.igemm[0] = xnn_init_hmp_igemm_ukernel(inkdigit_igemm_row);
  convolution.minmax.igemm[kRows - 1] = xnn_init_hmp_igemm_ukernel(inkdigit_igemm_tile);
  convolution.init.qs8_qc8w = xnn_init_qs8_qc8w_conv_minmax_fp32_scalar_params;
  convolution.pack_igemm_goki = (xnn_pack_conv_goki_w_fn)inkdigit_pack_pixels;
  return &convolution;
}

const struct xnn_gemm_config* xnn_init_qd8_f32_qc8w_gemm_config(void) {
  choose_tiles(&dense);
  dense.minmax.dqgemm[0] = xnn_init_hmp_dqgemm_ukernel(inkdigit_dense_row);
  dense.minmax.dqgemm[kRows - 1] = xnn_init_hmp_dqgemm_ukernel(inkdigit_dense_tile);
  dense.init.f32 = xnn_init_f32_minmax_scalar_params;
  return &dense;
}

// Of what has no kernel; here nothing does without one.
const struct xnn_unary_elementwise_config* xnn_init_unary_reference_config(
    enum xnn_unary_operator type, enum xnn_datatype input, enum xnn_datatype output) {
  (void)type, (void)input, (void)output;
  return NULL;
}

// What would pack the weights of such convolutions (cmake/xnnpack.cmake calls both so); never
// called.
#include <xnnpack/pack.h>
#define PARAMETERS(real, integer)                                                       \
  size_t first_tile, size_t middle_tile, size_t last_tile, size_t height, size_t width, \
      size_t channels, size_t tile, size_t subtile, size_t round, const real *kernel,   \
      const integer *bias
XNN_INTERNAL void xnn_pack_nothing_f32(PARAMETERS(float, float), const void* scale, float* packed,
                                       size_t tile_extra, size_t subtile_extra,
                                       const void* params) {
  __builtin_trap();
}
XNN_INTERNAL void xnn_pack_nothing_qs8(PARAMETERS(int8_t, int32_t), const float* scale,
                                       void* packed, size_t tile_extra, size_t subtile_extra,
                                       const struct xnn_qs8_packing_params* params) {
  __builtin_trap();
}
