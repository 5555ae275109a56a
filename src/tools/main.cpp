#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <new>

#include "tools/commands.h"
#include "tools/interrupt.h"

namespace {

int fail(const char* why) {
  std::fprintf(stderr, "inkdigit: %s\n", why);
  return 1;
}

}  // namespace

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
  } catch (const inkdigit::Interrupted& interrupted) {
    return 128 + interrupted.signal;  // as shells have it of a program that a signal ended
  } catch (const std::bad_alloc&) {
    return fail("there is not enough memory");
  } catch (const std::exception& error) {
    return fail(error.what());
  }
  // A full disk is not noticed before.
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
    return fail("what was to be printed could not be written; is there room?");
  }
  return 0;
}
