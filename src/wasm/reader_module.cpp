// The small module: reads int8 weights, and no others.
#include <emscripten/bind.h>

#include "nn/quantized_network.h"
#include "wasm/reading.h"

EMSCRIPTEN_BINDINGS(reader) { inkdigit::bind_reading<&inkdigit::load_int8_model>(); }
