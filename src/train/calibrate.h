#pragma once

#include "nn/network.h"
#include "train/dataset.h"

namespace inkdigit {

struct Calibration {
  double temperature;       // what the logits were divided by
  double energy_threshold;  // see Network::energy_threshold
};

/// Makes a network say how sure it may be, judged by pictures it was not trained on.
/// - Confidence: finds the temperature T for which softmax(logits / T) has the least mean
///   cross-entropy (Guo, Pleiss, Sun, Weinberger 2017, "On Calibration of Modern Neural Networks")
///   and divides the last dense layer's weights and bias by it. What is read stays the same.
/// - What is no digit: sets the energy (Liu et al. 2020, "Energy-based Out-of-distribution
///   Detection") below which `unsure_share` of the pictures lie.
/// Labels must be classes. std::invalid_argument if the network does not end in a dense layer, the
/// pictures do not fit or there are none, or the share is not in [0, 1).
Calibration calibrate(Network& network, const Dataset& held_back, double unsure_share);

}  // namespace inkdigit
