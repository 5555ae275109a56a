#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "core/errors.h"
#include "core/tensor.h"

namespace inkdigit {

/// The contents of a safetensors file: named tensors, of float32 or int8, and text metadata.
/// Format: github.com/huggingface/safetensors, "Format".
struct WeightsFile {
  /// Metadata key of the layer list (see architecture.h). Absent: the default architecture.
  static constexpr const char* kArchitectureKey = "architecture";
  /// Metadata key of Network::energy_threshold, a decimal number. Absent: never calibrated.
  static constexpr const char* kEnergyThresholdKey = "energy_threshold";

  /// Metadata key of Network::symbols, a JSON array of texts. Absent: none.
  static constexpr const char* kSymbolsKey = "symbols";

  /// Metadata key of checksum(), see checksum.h. Absent: never checked.
  static constexpr const char* kChecksumKey = "checksum";

  std::map<std::string, Tensor> tensors;           // float32 ("F32")
  std::map<std::string, Int8Tensor> int8_tensors;  // "I8": a quantized network's weights
  std::map<std::string, std::string> metadata;

  /// The tensor of this name (borrowed). WeightsError, naming it, if it is missing or has another
  /// shape.
  const Tensor& tensor(const std::string& name, const Shape& shape) const;
  const Int8Tensor& int8_tensor(const std::string& name, const Shape& shape) const;

  WeightsFile() = default;
  WeightsFile(WeightsFile&&) = default;
  WeightsFile& operator=(WeightsFile&&) = default;
};

/// No trained network's weights come near it; of far larger ones the answers would overflow.
inline constexpr float kLargestValue = 1e5f;

/// Reads a file's bytes, which are not trusted: lengths, JSON, types, shapes, offsets and values
/// (NaN, infinity, above kLargestValue) are checked. WeightsError names the tensor and what is
/// wrong with it.
WeightsFile read_weights(std::span<const std::byte> bytes);

/// With a new checksum among the metadata. The same tensors and metadata always give the same
/// bytes.
std::vector<std::byte> write_weights(const WeightsFile& file);

}  // namespace inkdigit
