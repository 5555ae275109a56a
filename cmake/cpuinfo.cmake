# cpuinfo, by which XNNPACK finds out which kernels this processor can run. Native builds only.
inkdigit_source(cpuinfo)
foreach(part IN ITEMS TOOLS UNIT_TESTS MOCK_TESTS BENCHMARKS PKG_CONFIG)
  set(CPUINFO_BUILD_${part} OFF CACHE BOOL "" FORCE)
endforeach()
set(CPUINFO_LIBRARY_TYPE static CACHE STRING "" FORCE)
set(CPUINFO_LOG_TO_STDIO ON CACHE BOOL "" FORCE)
add_subdirectory("${cpuinfo_SOURCE_DIR}" "${PROJECT_BINARY_DIR}/cpuinfo" EXCLUDE_FROM_ALL SYSTEM)
