#include <algorithm>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

#include "classifier.h"
#include "tools/commands.h"
#include "tools/files.h"
#include "tools/image_file.h"
#include "tools/options.h"
#include "train/idx_file.h"

namespace inkdigit {

namespace {

struct ClassifyArguments {
  std::vector<std::string> files;
  std::string weights;
  bool json = false;
  bool all = false;
};

void print_result(const std::string& file, size_t index, const Classification& result, bool json,
                  const Box* box = nullptr) {
  if (json) {
    using Json = nlohmann::ordered_json;
    Json line{{"file", file},
              {"index", index},
              {"digit", nullptr},
              {"confidence", result.confidence},
              {"state", to_string(result.state)},
              {"probabilities", result.probabilities}};
    if (result.digit >= 0) {
      line["digit"] = result.digit;
    } else if (!result.label.empty()) {
      line["symbol"] = result.label;
    }
    if (box != nullptr) {
      line["box"] = {
          {"x", box->left}, {"y", box->top}, {"width", box->width}, {"height", box->height}};
    }
    // A file's name may be no UTF-8.
    std::printf("%s\n", line.dump(-1, ' ', false, Json::error_handler_t::replace).c_str());
  } else if (result.state == State::kBlank) {
    std::printf("%s %zu: blank\n", file.c_str(), index);
  } else {
    std::printf("%s %zu: %s%s (%.1f %%)\n", file.c_str(), index,
                result.state == State::kUnsure ? "not sure, perhaps " : "", result.label.c_str(),
                100.0 * result.confidence);
  }
}

// Pictures of 28×28, as MNIST's are, are frames already; others are framed.
void classify_idx(const std::string& file, Classifier& classifier, bool json) {
  const Dataset pictures = read_images(file);
  check_pixel_count(file, pictures.width, pictures.height);
  const bool framed = pictures.height == kFrameSide && pictures.width == kFrameSide;
  std::vector<uint8_t> rgba(pictures.picture_size() * 4, 255);
  for (size_t index = 0; index < pictures.size(); ++index) {
    const std::span<const uint8_t> picture = pictures.picture(index);
    if (framed) {
      Frame frame;
      std::ranges::copy(picture, frame.begin());
      print_result(file, index, classifier.classify_frame(frame), json);
      continue;
    }
    for (size_t i = 0; i < picture.size(); ++i) std::fill_n(&rgba[i * 4], 3, picture[i]);
    print_result(file, index, classifier.classify({rgba, pictures.width, pictures.height}), json);
  }
}

void run_classify(const ClassifyArguments& arguments) {
  const ThreadPool pool(1);  // one picture at a time is too little work to share
  const std::filesystem::path weights = weights_path(arguments.weights);
  Classifier classifier =
      naming_file(weights, [&] { return Classifier(read_weights(read_file(weights)), pool); });
  for (const std::string& file : arguments.files) {
    if (is_idx_images(file)) {
      classify_idx(file, classifier, arguments.json);
      continue;
    }
    const ImageFile picture = read_image_file(file);
    if (!arguments.all) {
      print_result(file, 0, classifier.classify(picture.view()), arguments.json);
      continue;
    }
    const std::vector<LocatedDigit> digits = classifier.classify_all(picture.view());
    for (size_t i = 0; i < digits.size(); ++i) {
      print_result(file, i, digits[i].reading, arguments.json, &digits[i].box);
    }
    if (digits.empty()) print_result(file, 0, classifier.blank(), arguments.json);
  }
}

}  // namespace

void add_classify_command(CLI::App& app) {
  const auto arguments = std::make_shared<ClassifyArguments>();
  CLI::App* command = app.add_subcommand("classify", "Read the digit in each picture");
  command
      ->add_option("files", arguments->files,
                   "PNG, JPEG or PGM pictures of one digit each, or IDX files of many")
      ->required();
  add_weights_option(*command, arguments->weights);
  command->add_flag("--json", arguments->json, "Print one JSON object a picture");
  command->add_flag(
      "--all", arguments->all,
      "Read every digit of each picture (not of IDX files), in reading order; JSON has "
      "the box of each, in pixels");
  command->callback([arguments] { run_classify(*arguments); });
}

}  // namespace inkdigit
