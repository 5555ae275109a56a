#include "wasm/errors.h"

#include <emscripten/em_js.h>

#include <new>
#include <stdexcept>

#include "core/errors.h"

// clang-format off
EM_JS(void, inkdigit_throw, (const char* code, const char* message), {
  throw Object.assign(new Error(UTF8ToString(message)), { code: UTF8ToString(code), fromEngine: true });
})
// clang-format on

namespace inkdigit {

void throw_js_error(const char* code, const std::string& message) {
  inkdigit_throw(code, message.c_str());
  __builtin_unreachable();
}

ErrorReport report_current_exception() {
  try {
    throw;
  } catch (const std::invalid_argument& error) {
    return {"input", error.what()};
  } catch (const WeightsError& error) {
    return {"weights", error.what()};
  } catch (const BackendError& error) {
    return {"unsupported", error.what()};
  } catch (const std::bad_alloc&) {
    return {"memory", "The engine ran out of memory. Use smaller batches, pictures or networks."};
  } catch (const std::exception& error) {
    return {"unsupported", std::string("The engine failed unexpectedly: ") + error.what()};
  }
}

}  // namespace inkdigit
