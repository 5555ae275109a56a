#include "nn/weights_file.h"

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "core/json.h"
#include "nn/checksum.h"

namespace inkdigit {

namespace {

static_assert(std::endian::native == std::endian::little, "safetensors are little-endian");

constexpr size_t kLengthBytes = 8;
constexpr size_t kMaxHeaderBytes = size_t{1} << 20;  // 64 layers' and their trainer's take 0.1 MB
constexpr size_t kMaxAxes = 8;
constexpr const char* kMetadataKey = "__metadata__";

// 64 bits, also where memory has 32: a number from a file must not lose its upper half before it is
// checked. Up to 2^53, which keeps the arithmetic below free of overflow.
uint64_t whole_number(const Json& json, const std::string& where) {
  const std::optional<uint64_t> value = json.whole_number();
  if (value) return *value;
  throw WeightsError(where + ": expected a whole number, got " + excerpt(json.dump()));
}

/// Where a tensor's values lie in the file, found to fit its shape.
struct TensorPlace {
  Shape shape;
  uint64_t begin;  // bytes
};

/// The bytes of a file behind its header, which belong to one tensor each.
struct Data {
  std::span<const std::byte> bytes;
  uint64_t unread = bytes.size();
};

TensorPlace read_place(const std::string& where, const Json& lengths, const Json& offsets,
                       size_t element_bytes, Data& data) {
  if (!offsets.is_array() || offsets.size() != 2) {
    throw WeightsError(where + ": data_offsets must be [begin, end]");
  }
  const uint64_t begin = whole_number(offsets[0], where + ": data_offsets");
  const uint64_t end = whole_number(offsets[1], where + ": data_offsets");
  if (begin > end || end > data.bytes.size()) {
    throw WeightsError(where + ": data_offsets [" + std::to_string(begin) + ", " +
                       std::to_string(end) + "] lie outside of the file's " +
                       std::to_string(data.bytes.size()) + " bytes of data");
  }
  if (!lengths.is_array() || lengths.size() > kMaxAxes) {
    throw WeightsError(where + ": shape must be a list of at most " + std::to_string(kMaxAxes) +
                       " lengths");
  }
  Shape shape;
  uint64_t bytes = element_bytes;
  for (size_t i = 0; i < lengths.size(); ++i) {
    const uint64_t length = whole_number(lengths[i], where + ": shape");
    if (bytes > 0 && length > data.bytes.size() / bytes) {
      throw WeightsError(where + ": shape " + excerpt(lengths.dump()) +
                         " needs more than the file's " + std::to_string(data.bytes.size()) +
                         " bytes of data");
    }
    shape.push_back(length);
    bytes *= length;
  }
  if (bytes != end - begin) {
    throw WeightsError(where + ": shape " + to_string(shape) + " needs " + std::to_string(bytes) +
                       " bytes, data_offsets give " + std::to_string(end - begin));
  }
  // Otherwise a small file could ask for any amount of memory.
  if (bytes > data.unread) throw WeightsError(where + ": overlaps another tensor");
  data.unread -= bytes;
  return {shape, begin};
}

template <typename Element>
BasicTensor<Element> read_values(const std::string& where, const Json& lengths, const Json& offsets,
                                 Data& data) {
  const auto [shape, begin] = read_place(where, lengths, offsets, sizeof(Element), data);
  BasicTensor<Element> tensor;
  tensor.resize(shape);
  std::memcpy(tensor.data(), data.bytes.data() + begin, tensor.size() * sizeof(Element));
  return tensor;
}

void read_tensor(const std::string& name, const Json& entry, Data& data, WeightsFile& file) {
  const std::string where = "tensor " + excerpt(name);
  const std::optional<Json> dtype = entry.find("dtype");
  const std::optional<Json> shape = entry.find("shape");
  const std::optional<Json> offsets = entry.find("data_offsets");
  if (!dtype || !shape || !offsets) {
    throw WeightsError(where + ": expected \"dtype\", \"shape\" and \"data_offsets\"");
  }
  if (dtype->text() == "I8") {
    file.int8_tensors.emplace(name, read_values<int8_t>(where, *shape, *offsets, data));
    return;
  }
  if (dtype->text() != "F32") {
    throw WeightsError(where + ": expected dtype F32 or I8, got " + excerpt(dtype->dump()));
  }
  Tensor tensor = read_values<float>(where, *shape, *offsets, data);
  for (const float value : tensor.values()) {
    if (!(std::abs(value) <= kLargestValue)) {
      throw WeightsError(where + ": holds a value that is not a number, or above 100000");
    }
  }
  file.tensors.emplace(name, std::move(tensor));
}

void read_metadata(const Json& metadata, WeightsFile& file) {
  if (!metadata.is_object()) throw WeightsError("__metadata__ must be an object of texts");
  for (const auto& [key, value] : metadata.members()) {
    std::optional<std::string> text = value.text();
    if (!text) throw WeightsError("__metadata__: " + in_quotes(key) + " must be a text");
    file.metadata[key] = std::move(*text);
  }
}

template <typename Tensors>
const auto& find_tensor(const Tensors& tensors, const std::string& name, const Shape& shape) {
  const auto found = tensors.find(name);
  if (found == tensors.end()) {
    throw WeightsError("tensor " + name + " is missing; expected shape " + to_string(shape));
  }
  if (found->second.shape() != shape) {
    throw WeightsError("tensor " + name + ": expected shape " + to_string(shape) + ", got " +
                       to_string(found->second.shape()));
  }
  return found->second;
}

}  // namespace

const Tensor& WeightsFile::tensor(const std::string& name, const Shape& shape) const {
  return find_tensor(tensors, name, shape);
}

const Int8Tensor& WeightsFile::int8_tensor(const std::string& name, const Shape& shape) const {
  return find_tensor(int8_tensors, name, shape);
}

WeightsFile read_weights(std::span<const std::byte> bytes) {
  if (bytes.size() < kLengthBytes) {
    throw WeightsError("not a safetensors file: only " + std::to_string(bytes.size()) + " bytes");
  }
  uint64_t header_bytes = 0;
  std::memcpy(&header_bytes, bytes.data(), kLengthBytes);
  if (header_bytes > kMaxHeaderBytes || header_bytes > bytes.size() - kLengthBytes) {
    throw WeightsError("not a safetensors file, or cut short: its header would have " +
                       std::to_string(header_bytes) + " bytes, the file has " +
                       std::to_string(bytes.size()));
  }
  const auto* text = reinterpret_cast<const char*>(bytes.data() + kLengthBytes);
  const std::optional<Json> header = Json::parse({text, static_cast<size_t>(header_bytes)});
  if (!header || !header->is_object()) throw WeightsError("the header is not a JSON object");

  Data data{.bytes = bytes.subspan(kLengthBytes + header_bytes)};
  WeightsFile file;
  for (const auto& [name, entry] : header->members()) {
    if (name == kMetadataKey) {
      read_metadata(entry, file);
    } else {
      read_tensor(name, entry, data, file);
    }
  }
  return file;
}

std::vector<std::byte> write_weights(const WeightsFile& file) {
  auto header = nlohmann::ordered_json::object();
  header[kMetadataKey] = file.metadata;
  header[kMetadataKey].erase(WeightsFile::kChecksumKey);  // of the file that it was read from
  header[kMetadataKey][WeightsFile::kChecksumKey] = checksum(file);
  std::vector<std::span<const std::byte>> parts;
  size_t offset = 0;  // bytes
  const auto add = [&](const char* dtype, const auto& tensors) {
    for (const auto& [name, tensor] : tensors) {
      parts.push_back(std::as_bytes(tensor.values()));
      const size_t end = offset + parts.back().size();
      header[name] = {{"dtype", dtype}, {"shape", tensor.shape()}, {"data_offsets", {offset, end}}};
      offset = end;
    }
  };
  add("F32", file.tensors);  // first, so that they are aligned
  add("I8", file.int8_tensors);
  std::string text = header.dump();
  text.resize((text.size() + 7) / 8 * 8, ' ');  // so that the data are aligned

  const uint64_t header_bytes = text.size();
  std::vector<std::byte> bytes;
  bytes.reserve(kLengthBytes + text.size() + offset);
  const auto append = [&bytes](std::span<const std::byte> part) {
    bytes.insert(bytes.end(), part.begin(), part.end());
  };
  append(std::as_bytes(std::span(&header_bytes, 1)));
  append(std::as_bytes(std::span(text)));
  for (const std::span<const std::byte> part : parts) append(part);
  return bytes;
}

}  // namespace inkdigit
