# Run by `cmake -P` at build time: has cargo build the library, and copies the PRODUCTS that changed from its folder to TO.
#
# CARGO_TARGET_DIR of the build's environment names cargo's folder, relative to the present one; else TARGET_DIR.

if(DEFINED ENV{CARGO_TARGET_DIR})
  set(TARGET_DIR "$ENV{CARGO_TARGET_DIR}")
endif()
get_filename_component(folder "${TARGET_DIR}" ABSOLUTE BASE_DIR "${CMAKE_CURRENT_SOURCE_DIR}")
set(ENV{CARGO_TARGET_DIR} "${folder}")
if(RUST_FLAGS)
  set(ENV{RUSTFLAGS} "$ENV{RUSTFLAGS} ${RUST_FLAGS}")
endif()
execute_process(COMMAND "${CARGO}" ${ARGUMENTS} RESULT_VARIABLE result)
if(NOT result EQUAL 0)
  message(FATAL_ERROR "cargo could not build the library: ${result}")
endif()
file(MAKE_DIRECTORY "${TO}")
foreach(product IN LISTS PRODUCTS)
  execute_process(
    COMMAND "${CMAKE_COMMAND}" -E copy_if_different "${folder}/${SUBFOLDER}/${product}" "${TO}/${product}"
    RESULT_VARIABLE result)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "cargo built no ${product}")
  endif()
endforeach()
