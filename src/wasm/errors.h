#pragma once

#include <string>
#include <utility>

namespace inkdigit {

/// Throws a JavaScript Error with `code` and `fromEngine: true`, which web/package/errors.js knows.
[[noreturn]] void throw_js_error(const char* code, const std::string& message);

/// The one place where C++ errors are told apart: says which code belongs to the exception in
/// flight. Call it in a catch block; rethrows what is no C++ exception of ours.
struct ErrorReport {
  const char* code;
  std::string message;
};
ErrorReport report_current_exception();

/// Runs `body`; what it throws leaves as a JavaScript error. That one is thrown outside the catch
/// block, so that the C++ exception has been freed by then.
template <typename Body>
auto guarded(Body&& body) -> decltype(body()) {
  ErrorReport report;
  try {
    return std::forward<Body>(body)();
  } catch (const std::exception&) {
    report = report_current_exception();
  }
  throw_js_error(report.code, report.message);
}

/// `guard<&Class::method>` is the method as a free function that takes the object first, guarded:
/// the form Embind's function() takes.
template <auto Callee>
struct Guard;
template <typename Object, typename Result, typename... Args, Result (Object::*Method)(Args...)>
struct Guard<Method> {
  static Result call(Object& object, Args... args) {
    return guarded([&] { return (object.*Method)(std::forward<Args>(args)...); });
  }
};
template <typename Object, typename Result, typename... Args,
          Result (Object::*Method)(Args...) const>
struct Guard<Method> {
  static Result call(const Object& object, Args... args) {
    return guarded([&] { return (object.*Method)(std::forward<Args>(args)...); });
  }
};
template <typename Result, typename... Args, Result (*Function)(Args...)>
struct Guard<Function> {
  static Result call(Args... args) {
    return guarded([&] { return Function(std::forward<Args>(args)...); });
  }
};
template <auto Callee>
inline constexpr auto guard = &Guard<Callee>::call;

}  // namespace inkdigit
