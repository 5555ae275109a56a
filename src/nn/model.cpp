#include "nn/model.h"

#include "nn/checksum.h"
#include "nn/network.h"
#include "nn/quantized_network.h"

namespace inkdigit {

std::unique_ptr<Model> load_model(const WeightsFile& file, const ThreadPool& pool) {
  if (!file.int8_tensors.empty()) {
    check_checksum(file);
    return load_int8_model(file, pool);
  }
  return std::make_unique<Network>(Network::from_weights(file, pool));
}

}  // namespace inkdigit
