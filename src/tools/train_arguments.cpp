#include "tools/train_arguments.h"

namespace inkdigit {

using Json = nlohmann::ordered_json;

Json to_json(const TrainArguments& a) {
  const AugmentOptions& augment = a.run.augment;
  return {{"data", a.data},
          {"layers", a.layers},
          {"output", a.output},
          {"validation", a.validation},
          {"mnist_times", a.mnist_times},
          {"pen_digits", a.pen_digits},
          {"scribbles", a.scribbles},
          {"dropout", a.dropout},
          {"teacher_share", a.teacher_share},
          {"teacher_epochs", a.teacher_epochs},
          {"average_decay", a.average_decay},
          {"unsure_share", a.unsure_share},
          {"optimizer", a.optimizer},
          {"weight_decay", a.weight_decay},
          {"epochs", a.run.epochs},
          {"batch_size", a.run.batch_size},
          {"learning_rate", a.run.learning_rate},
          {"warmup_epochs", a.run.warmup_epochs},
          {"seed", a.run.seed},
          {"rotation", augment.rotation},
          {"scale", augment.scale},
          {"shear", augment.shear},
          {"shift", augment.shift},
          {"elastic_strength", augment.elastic_strength},
          {"elastic_smoothness", augment.elastic_smoothness}};
}

Json recipe(const TrainArguments& arguments) {
  Json json = to_json(arguments);
  for (const char* path : {"data", "layers", "output"}) json.erase(path);
  return json;
}

void from_json(const Json& json, TrainArguments& a) {
  AugmentOptions& augment = a.run.augment;
  json.at("data").get_to(a.data);
  json.at("layers").get_to(a.layers);
  json.at("output").get_to(a.output);
  json.at("validation").get_to(a.validation);
  json.at("mnist_times").get_to(a.mnist_times);
  json.at("pen_digits").get_to(a.pen_digits);
  json.at("scribbles").get_to(a.scribbles);
  json.at("dropout").get_to(a.dropout);
  json.at("teacher_share").get_to(a.teacher_share);
  json.at("teacher_epochs").get_to(a.teacher_epochs);
  json.at("average_decay").get_to(a.average_decay);
  json.at("unsure_share").get_to(a.unsure_share);
  json.at("optimizer").get_to(a.optimizer);
  json.at("weight_decay").get_to(a.weight_decay);
  json.at("epochs").get_to(a.run.epochs);
  json.at("batch_size").get_to(a.run.batch_size);
  json.at("learning_rate").get_to(a.run.learning_rate);
  json.at("warmup_epochs").get_to(a.run.warmup_epochs);
  json.at("seed").get_to(a.run.seed);
  json.at("rotation").get_to(augment.rotation);
  json.at("scale").get_to(augment.scale);
  json.at("shear").get_to(augment.shear);
  json.at("shift").get_to(augment.shift);
  json.at("elastic_strength").get_to(augment.elastic_strength);
  json.at("elastic_smoothness").get_to(augment.elastic_smoothness);
}

}  // namespace inkdigit
