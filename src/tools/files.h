#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <vector>

#include "nn/weights_file.h"
#include "train/dataset.h"

namespace inkdigit {

/// std::invalid_argument, naming the file, if it cannot be read.
std::vector<std::byte> read_file(const std::filesystem::path& path);

/// Writes beside the file first and then renames, so that a crash leaves the old file or the new
/// one; into a device, or through a link to what is not there yet, it writes directly.
/// std::invalid_argument, naming the file, if it cannot be written.
void write_file(const std::filesystem::path& path, std::span<const std::byte> bytes);

/// std::invalid_argument if both are the same file.
void check_not_written_over(const std::filesystem::path& input,
                            const std::filesystem::path& output);

/// What `load` returns, which reads weights from `path`; a WeightsError of it names the file, too.
template <typename Load>
auto naming_file(const std::filesystem::path& path, Load load) {
  try {
    return load();
  } catch (const WeightsError& error) {
    throw WeightsError(path.string() + ": " + error.what());
  }
}

/// WeightsError that names the file, too.
WeightsFile read_weights_file(const std::filesystem::path& path);

/// `path`, if not empty, else that of the weights that come with the project:
/// weights/inkdigit.safetensors below the current folder, or else beside the build folder that the
/// tool lies in.
std::filesystem::path weights_path(const std::filesystem::path& path);

/// The folder with MNIST's four IDX files: `folder`, if not empty, else where npm put them.
/// std::invalid_argument, telling what to do, if there is none.
std::filesystem::path mnist_folder(const std::filesystem::path& folder);

/// MNIST's 60,000 training pictures, or 10,000 test pictures, from such a folder.
/// std::invalid_argument, naming the file, if they are not of 28×28.
Dataset read_mnist_training(const std::filesystem::path& folder);
Dataset read_mnist_test(const std::filesystem::path& folder);

}  // namespace inkdigit
