#pragma once

#include <string>

#include "nn/weights_file.h"

// Damage that leaves a weights file readable, such as a changed bit of a weight, is told by a sum.
// Files for reading are not checked in pages, which fetch them compressed: gzip has a sum of its
// own, and the code for another would be a hundredth of what a page loads.
namespace inkdigit {

/// Adler-32, as a decimal number, of all names, texts and values; but for the checksum itself. It
/// does not depend on the order in which a file has them. (A network that does not have the shapes
/// refuses them.)
std::string checksum(const WeightsFile& file);

/// WeightsError if the file has a checksum, and it is another.
void check_checksum(const WeightsFile& file);

}  // namespace inkdigit
