#include "nn/checksum.h"

#include <initializer_list>
#include <span>
#include <string_view>

#include "core/adler32.h"

namespace inkdigit {

namespace {

void add_texts(Adler32& sum, std::initializer_list<std::string_view> texts) {
  for (const std::string_view text : texts) sum.add(std::as_bytes(std::span(text)));
}

void add_tensors(Adler32& sum, const auto& tensors) {
  for (const auto& [name, tensor] : tensors) {
    add_texts(sum, {name});
    sum.add(std::as_bytes(tensor.values()));
  }
}

}  // namespace

std::string checksum(const WeightsFile& file) {
  Adler32 sum;
  for (const auto& [key, text] : file.metadata) {
    if (key != WeightsFile::kChecksumKey) add_texts(sum, {key, text});
  }
  add_tensors(sum, file.tensors);
  add_tensors(sum, file.int8_tensors);
  return std::to_string(sum.value());
}

void check_checksum(const WeightsFile& file) {
  const auto stored = file.metadata.find(WeightsFile::kChecksumKey);
  if (stored == file.metadata.end() || stored->second == checksum(file)) return;
  throw WeightsError(
      "the file is damaged: its weights are not those that its checksum was made of (if they were "
      "changed on purpose, leave \"checksum\" out of its metadata)");
}

}  // namespace inkdigit
