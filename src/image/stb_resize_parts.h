// stb_image_resize2.h includes itself once for each order of channels, number of channels and so on
// that it can resize, and leaves tables of all of them, so that a linker must keep them all: half
// of its code. This header stands in for it then (see STBIR__HEADER_FILENAME): the parts that
// src/image/resize.cpp never comes by are empty, the others are its own. It has no include guard,
// being included again and again.
//
// resize.cpp has one channel (of ink), and RGBA, for which the colours are weighted by alpha: seven
// channels.

#define INKDIGIT_JOIN_EXPANDED(a, b, c) a##b##c
#define INKDIGIT_JOIN(a, b, c) INKDIGIT_JOIN_EXPANDED(a, b, c)

#if defined(STB_IMAGE_RESIZE_DO_CODERS) && defined(stbir__decode_suffix)

// Other orders than RGBA.
#define INKDIGIT_ABSENT(name) \
  constexpr std::nullptr_t INKDIGIT_JOIN(stbir__, name##_, stbir__decode_suffix) = nullptr;
INKDIGIT_ABSENT(decode_uint8_linear_scaled)
INKDIGIT_ABSENT(decode_uint8_linear)
INKDIGIT_ABSENT(decode_uint8_srgb)
INKDIGIT_ABSENT(decode_uint8_srgb4_linearalpha)
INKDIGIT_ABSENT(decode_uint8_srgb2_linearalpha)
INKDIGIT_ABSENT(decode_uint16_linear_scaled)
INKDIGIT_ABSENT(decode_uint16_linear)
INKDIGIT_ABSENT(decode_half_float_linear)
INKDIGIT_ABSENT(decode_float_linear)
INKDIGIT_ABSENT(encode_uint8_linear_scaled)
INKDIGIT_ABSENT(encode_uint8_linear)
INKDIGIT_ABSENT(encode_uint8_srgb)
INKDIGIT_ABSENT(encode_uint8_srgb4_linearalpha)
INKDIGIT_ABSENT(encode_uint8_srgb2_linearalpha)
INKDIGIT_ABSENT(encode_uint16_linear_scaled)
INKDIGIT_ABSENT(encode_uint16_linear)
INKDIGIT_ABSENT(encode_half_float_linear)
INKDIGIT_ABSENT(encode_float_linear)
#undef INKDIGIT_ABSENT

#undef stbir__decode_suffix
#undef stbir__decode_swizzle
#undef stbir__decode_order0
#undef stbir__decode_order1
#undef stbir__decode_order2
#undef stbir__decode_order3
#undef stbir__encode_order0
#undef stbir__encode_order1
#undef stbir__encode_order2
#undef stbir__encode_order3
#undef stbir__coder_min_num
#undef STB_IMAGE_RESIZE_DO_CODERS

#elif defined(STB_IMAGE_RESIZE_DO_HORIZONTALS) && STBIR__horizontal_channels != 1 && \
    STBIR__horizontal_channels != 7

#define INKDIGIT_ABSENT(name)                                       \
  constexpr stbir__horizontal_gather_channels_func** INKDIGIT_JOIN( \
      stbir__horizontal_gather_, STBIR__horizontal_channels, name) = nullptr;
INKDIGIT_ABSENT(_channels_with_n_coeffs_funcs)
INKDIGIT_ABSENT(_channels_funcs)
#undef INKDIGIT_ABSENT

#undef STBIR__horizontal_channels
#undef STB_IMAGE_RESIZE_DO_HORIZONTALS
#undef stbir__1_coeff_only
#undef stbir__1_coeff_remnant
#undef stbir__2_coeff_only
#undef stbir__2_coeff_remnant
#undef stbir__3_coeff_only
#undef stbir__3_coeff_remnant
#undef stbir__3_coeff_setup
#undef stbir__4_coeff_start
#undef stbir__4_coeff_continue_from_4
#undef stbir__store_output
#undef stbir__store_output_tiny

#else

#include <stb_image_resize2.h>

#endif

#undef INKDIGIT_JOIN
#undef INKDIGIT_JOIN_EXPANDED
