# How the WebAssembly programs are linked: the modules that web/package loads, and the unit tests, which run in Node.

# Memory grows as needed up to this bound. A shared memory's bound is reserved at once and phones refuse large ones;
# lessons, which have batches of 32, make it grow to 85 to 100 MB (three of the default network in a row, in Node).
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

# A module for web/package: <name>.js and <name>.wasm, from its own source and the bindings' common ones.
function(inkdigit_module name source)
  add_executable(${name}_module ${source} src/wasm/errors.cpp)
  set_target_properties(${name}_module PROPERTIES OUTPUT_NAME ${name} SUFFIX .js)
  target_compile_options(${name}_module PRIVATE ${inkdigit_small_code})
  target_link_libraries(${name}_module PRIVATE inkdigit_engine embind)
  target_link_options(${name}_module PRIVATE
    ${memory_options}
    -sSTRICT=1
    --no-entry                              # a library: there is no main()
    -sMODULARIZE=1 -sEXPORT_ES6=1 -sEXPORT_NAME=createModule
    -sENVIRONMENT=web,worker,node
    -sDYNAMIC_EXECUTION=0                   # no eval and no new Function: the page's CSP forbids them
    -sFILESYSTEM=0                          # bytes come and go by memory; no file system to ship
    -sINCOMING_MODULE_JS_API=instantiateWasm  # web/package fetches and compiles by itself
    -sTEXTDECODER=2                         # every browser below has one
    # What web/package asks for; no code for older ones.
    -sMIN_CHROME_VERSION=112 -sMIN_FIREFOX_VERSION=114 -sMIN_SAFARI_VERSION=160400 -sMIN_NODE_VERSION=200000)
  if(INKDIGIT_THREADS)
    target_link_options(${name}_module PRIVATE
      # The workers exist before the module is ready: a worker starts only when its creator's event loop runs, which it
      # does not while C++ waits for it. pthreadpool then finds one waiting for each thread it creates.
      -sPTHREAD_POOL_SIZE=Module.pthreadPoolSize
      -sPTHREAD_POOL_SIZE_STRICT=2          # one thread too many is an error, not a deadlock
      -sEXPORTED_RUNTIME_METHODS=PThread)   # dispose() ends the workers by it
  endif()
endfunction()

inkdigit_module(inkdigit src/wasm/engine_module.cpp)
# What reads int8 weights, and nothing else: half the size, for those who only read.
inkdigit_module(reader src/wasm/reader_module.cpp)
target_link_options(reader_module PRIVATE -Oz
  -sBINARYEN_EXTRA_PASSES=-Os)  # inlines a little after all: 0.3 % smaller
add_custom_target(modules DEPENDS inkdigit_module reader_module)

# Catch2's main in Node, with the real file system. PROXY_TO_PTHREAD leaves Node's main thread free to start workers.
target_link_libraries(unit_tests PRIVATE embind)  # by which the engine parses JSON
set_target_properties(unit_tests PROPERTIES SUFFIX .cjs)  # not an ES module, which .js would be here
target_link_options(unit_tests PRIVATE
  ${memory_options}
  -sENVIRONMENT=node$<$<BOOL:${INKDIGIT_THREADS}>:,worker>
  -sNODERAWFS=1
  -sEXIT_RUNTIME=1
  $<$<BOOL:${INKDIGIT_THREADS}>:-sPROXY_TO_PTHREAD=1>)
