# Compiling many short files, each reading the same long headers, takes a third of the time when several are compiled as
# one. (CMake's own unity build writes absolute paths, and ccache could then not serve another clone of this project.)

# Writes <prefix>_0.<end>, <prefix>_1.<end>, … into the build folder, each including up to 24 of the files in ARGN,
# which are paths from an include folder. Returns their names in `result`.
function(inkdigit_batches result prefix end)
  set(files ${ARGN})
  set(batches)
  list(TRANSFORM files REPLACE "^.+$" "#include \"\\0\"")
  while(files)
    list(SUBLIST files 0 24 batch)
    list(REMOVE_ITEM files ${batch})
    list(LENGTH batches number)
    list(JOIN batch "\n" text)
    set(file "${PROJECT_BINARY_DIR}/batches/${prefix}_${number}.${end}")
    file(CONFIGURE OUTPUT "${file}" CONTENT "${text}\n" @ONLY)
    list(APPEND batches "${file}")
  endwhile()
  set(${result} ${batches} PARENT_SCOPE)
endfunction()
