#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

// The engine throws three kinds of error. The caller's own fault is std::invalid_argument, whose
// message names the argument, what was expected and what came. The other two are declared here.
namespace inkdigit {

/// A weights file is damaged, incomplete or made for another network. The message names the tensor.
class WeightsError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// An operator of the backend refused to work. The message names the operator and the shapes.
class BackendError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The beginning of a text of somebody else's, for a message: a file may have any.
std::string excerpt(std::string_view text);
/// The same in quotation marks.
std::string in_quotes(std::string_view text);

/// std::invalid_argument, "<name>: expected <range>, got <value>", unless the value is in range.
void check_range(const char* name, double value, bool in_range, const char* range);

}  // namespace inkdigit
