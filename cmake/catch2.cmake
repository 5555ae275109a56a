# Catch2, the framework of the unit tests, with its main().
inkdigit_source(catch2)
set(catch2_include "${catch2_SOURCE_DIR}/src")
file(GLOB_RECURSE catch2_files RELATIVE "${catch2_include}" "${catch2_include}/catch2/*.cpp")
list(SORT catch2_files)
inkdigit_batches(catch2_batches catch2 cpp ${catch2_files})

# Its configuration header, with the defaults of its own CMake project.
set(CATCH_CONFIG_DEFAULT_REPORTER console)
set(CATCH_CONFIG_CONSOLE_WIDTH 100)
configure_file("${catch2_include}/catch2/catch_user_config.hpp.in"
  "${PROJECT_BINARY_DIR}/catch2/catch2/catch_user_config.hpp")

add_library(catch2_with_main STATIC EXCLUDE_FROM_ALL ${catch2_batches})
target_include_directories(catch2_with_main SYSTEM PUBLIC "${catch2_include}" "${PROJECT_BINARY_DIR}/catch2")
target_compile_options(catch2_with_main PRIVATE -w)
add_library(Catch2::Catch2WithMain ALIAS catch2_with_main)
