#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>

#include "tools/commands.h"

int main(int argc, char** argv) {
  CLI::App app{"inkdigit: trains, measures and uses a recogniser of handwritten digits"};
  app.require_subcommand(1);
  inkdigit::add_train_command(app);
  inkdigit::add_evaluate_command(app);
  inkdigit::add_classify_command(app);
  inkdigit::add_quantize_command(app);
  try {
    app.parse(argc, argv);  // runs the command, too
  } catch (const CLI::ParseError& error) {
    return app.exit(error);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "inkdigit: %s\n", error.what());
    return 1;
  }
  return 0;
}
