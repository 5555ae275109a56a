# How the WebAssembly programs are linked: the module that web/package loads, and the unit tests, which run in Node.

# Memory grows as needed up to this bound. A shared memory's bound is reserved at once and phones refuse large ones;
# fine-tuning in batches of 64 needs under 150 MB.
set(memory_options
  -sINITIAL_MEMORY=8388608
  -sALLOW_MEMORY_GROWTH=1
  -sMAXIMUM_MEMORY=$<IF:$<BOOL:${INKDIGIT_THREADS}>,268435456,536870912>
  -sSTACK_SIZE=524288
  -sMALLOC=emmalloc)  # half the size of the default; the engine allocates seldom
if(INKDIGIT_THREADS)
  # Growing a shared memory makes JavaScript re-create its views; our JavaScript holds none across calls.
  list(APPEND memory_options -Wno-pthreads-mem-growth)
endif()

file(GLOB wasm_sources CONFIGURE_DEPENDS src/wasm/*.cpp)
add_executable(inkdigit_wasm ${wasm_sources})
set_target_properties(inkdigit_wasm PROPERTIES OUTPUT_NAME inkdigit SUFFIX .js)
target_compile_options(inkdigit_wasm PRIVATE -Oz)
target_link_libraries(inkdigit_wasm PRIVATE inkdigit_engine nlohmann_json::nlohmann_json embind)
target_link_options(inkdigit_wasm PRIVATE
  ${memory_options}
  -sSTRICT=1
  --no-entry                              # a library: there is no main()
  -sMODULARIZE=1 -sEXPORT_ES6=1 -sEXPORT_NAME=createModule
  -sENVIRONMENT=web,worker,node
  -sDYNAMIC_EXECUTION=0                   # no eval and no new Function: the page's CSP forbids them
  -sFILESYSTEM=0                          # bytes come and go by memory; no file system to ship
  -sINCOMING_MODULE_JS_API=instantiateWasm,print,printErr)  # web/package fetches and compiles by itself
if(INKDIGIT_THREADS)
  target_link_options(inkdigit_wasm PRIVATE
    # The workers exist before the module is ready: a worker starts only when its creator's event loop runs, which it
    # does not while C++ waits for it. pthreadpool then finds one waiting for each thread it creates.
    -sPTHREAD_POOL_SIZE=Module.pthreadPoolSize
    -sPTHREAD_POOL_SIZE_STRICT=2          # one thread too many is an error, not a deadlock
    -sEXPORTED_RUNTIME_METHODS=PThread)   # dispose() ends the workers by it
endif()

# Catch2's main in Node, with the real file system. PROXY_TO_PTHREAD leaves Node's main thread free to start workers.
set_target_properties(unit_tests PROPERTIES SUFFIX .cjs)  # not an ES module, which .js would be here
target_link_options(unit_tests PRIVATE
  ${memory_options}
  -sENVIRONMENT=node$<$<BOOL:${INKDIGIT_THREADS}>:,worker>
  -sNODERAWFS=1
  -sEXIT_RUNTIME=1
  $<$<BOOL:${INKDIGIT_THREADS}>:-sPROXY_TO_PTHREAD=1>)
