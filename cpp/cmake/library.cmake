# Gets the library from cargo and makes the targets rtvi::rtvi and rtvi::static of it.
#
# Reads RTVI_ROOT, RTVI_ABI and the options of the top CMakeLists.txt; sets RTVI_SHARED_FILE, RTVI_STATIC_FILE and RTVI_IMPORT_FILE.

# The profile: a debug build of the app gets a debug build of the library.
if(CMAKE_BUILD_TYPE STREQUAL "Debug")
  set(rtvi_profile dev)
  set(rtvi_folder debug)
else()
  set(rtvi_profile release)
  set(rtvi_folder release)
endif()

# What cargo calls its products, and what we call ours.
if(MINGW)
  set(rtvi_cargo_shared rtvi_c.dll)
  set(rtvi_cargo_import librtvi_c.dll.a)
  set(rtvi_cargo_static librtvi_c.a)
  set(rtvi_shared_name rtvi_c.dll)
  set(rtvi_import_name librtvi.dll.a)
  set(rtvi_static_name librtvi.a)
elseif(WIN32)
  set(rtvi_cargo_shared rtvi_c.dll)
  set(rtvi_cargo_import rtvi_c.dll.lib)
  set(rtvi_cargo_static rtvi_c.lib)
  set(rtvi_shared_name rtvi_c.dll)
  set(rtvi_import_name rtvi.lib)
  set(rtvi_static_name rtvi_static.lib)
elseif(APPLE)
  set(rtvi_cargo_shared librtvi_c.dylib)
  set(rtvi_cargo_static librtvi_c.a)
  set(rtvi_shared_name librtvi.${PROJECT_VERSION}.dylib)
  set(rtvi_runtime_link librtvi.${RTVI_ABI}.dylib)
  set(rtvi_devel_link librtvi.dylib)
  set(rtvi_static_name librtvi.a)
else()
  set(rtvi_cargo_shared librtvi_c.so)
  set(rtvi_cargo_static librtvi_c.a)
  set(rtvi_shared_name librtvi.so.${PROJECT_VERSION})
  set(rtvi_runtime_link librtvi.so.${RTVI_ABI})
  set(rtvi_devel_link librtvi.so)
  set(rtvi_static_name librtvi.a)
endif()

set(rtvi_lib "${CMAKE_CURRENT_BINARY_DIR}/lib")
set(RTVI_SHARED_FILE "")
set(RTVI_STATIC_FILE "")
set(RTVI_IMPORT_FILE "")
set(RTVI_LINK_FILES "")
if(RTVI_WITH_SHARED)
  set(RTVI_SHARED_FILE "${rtvi_lib}/${rtvi_shared_name}")
  foreach(link IN ITEMS ${rtvi_runtime_link} ${rtvi_devel_link})
    list(APPEND RTVI_LINK_FILES "${rtvi_lib}/${link}")
  endforeach()
endif()
if(RTVI_WITH_STATIC)
  set(RTVI_STATIC_FILE "${rtvi_lib}/${rtvi_static_name}")
endif()
if(NOT RTVI_WITH_SHARED AND NOT RTVI_WITH_STATIC)
  message(FATAL_ERROR "RTVI_WITH_SHARED and RTVI_WITH_STATIC are both off")
endif()

if(RTVI_LIBRARY_DIR)
  set(rtvi_built "${RTVI_LIBRARY_DIR}")
  add_custom_target(rtvi-cargo)
else()
  find_program(RTVI_CARGO cargo REQUIRED HINTS "$ENV{HOME}/.cargo/bin" "$ENV{USERPROFILE}/.cargo/bin")
  set(rtvi_arguments ${RTVI_CARGO_COMMAND} --package rtvi-c --profile ${rtvi_profile})
  list(APPEND rtvi_arguments --no-default-features)
  foreach(feature devices processing webrtc video h264)
    string(TOUPPER "RTVI_${feature}" option)
    if(${option})
      list(APPEND rtvi_arguments --features ${feature})
    endif()
  endforeach()
  # Rust links the C runtime that the app links.
  set(rtvi_rust_flags "")
  if(MSVC AND CMAKE_MSVC_RUNTIME_LIBRARY AND NOT CMAKE_MSVC_RUNTIME_LIBRARY MATCHES "DLL")
    set(rtvi_rust_flags "-C target-feature=+crt-static")
  endif()
  set(rtvi_subfolder "${rtvi_folder}")
  if(RTVI_CARGO_TARGET)
    list(APPEND rtvi_arguments --target ${RTVI_CARGO_TARGET})
    # A triple for zigbuild may end with a glibc version, which is no part of the folder's name.
    string(REGEX REPLACE "\\.[0-9.]+$" "" rtvi_triple "${RTVI_CARGO_TARGET}")
    set(rtvi_subfolder "${rtvi_triple}/${rtvi_folder}")
  endif()
  set(rtvi_target_dir "${CMAKE_CURRENT_BINARY_DIR}/cargo")
  if(DEFINED ENV{CARGO_TARGET_DIR})
    set(rtvi_target_dir "$ENV{CARGO_TARGET_DIR}")
  endif()
  set(rtvi_built "${CMAKE_CURRENT_BINARY_DIR}/built")
  set(rtvi_products "${rtvi_cargo_shared}" "${rtvi_cargo_static}" ${rtvi_cargo_import})
  set(rtvi_byproducts "")
  foreach(product IN LISTS rtvi_products)
    list(APPEND rtvi_byproducts "${rtvi_built}/${product}")
  endforeach()
  add_custom_target(rtvi-cargo
    COMMAND ${CMAKE_COMMAND} "-DCARGO=${RTVI_CARGO}" "-DARGUMENTS=${rtvi_arguments}" "-DTARGET_DIR=${rtvi_target_dir}"
      "-DRUST_FLAGS=${rtvi_rust_flags}"
      "-DSUBFOLDER=${rtvi_subfolder}" "-DPRODUCTS=${rtvi_products}" "-DTO=${rtvi_built}"
      -P "${CMAKE_CURRENT_LIST_DIR}/cargo.cmake"
    WORKING_DIRECTORY "${RTVI_ROOT}"
    BYPRODUCTS ${rtvi_byproducts}
    COMMENT "Building the RTVI library with cargo"
    VERBATIM USES_TERMINAL)
endif()

# Our names for what cargo built; programs ask the dynamic linker for the name with the number of the interface.
set(rtvi_commands COMMAND ${CMAKE_COMMAND} -E make_directory "${rtvi_lib}")
if(RTVI_WITH_SHARED)
  list(APPEND rtvi_commands
    COMMAND ${CMAKE_COMMAND} -E copy_if_different "${rtvi_built}/${rtvi_cargo_shared}" "${RTVI_SHARED_FILE}")
endif()
foreach(link IN LISTS RTVI_LINK_FILES)
  list(APPEND rtvi_commands COMMAND ${CMAKE_COMMAND} -E create_symlink "${rtvi_shared_name}" "${link}")
endforeach()
if(RTVI_WITH_SHARED AND WIN32)
  set(RTVI_IMPORT_FILE "${rtvi_lib}/${rtvi_import_name}")
  list(APPEND rtvi_commands
    COMMAND ${CMAKE_COMMAND} -E copy_if_different "${rtvi_built}/${rtvi_cargo_import}" "${RTVI_IMPORT_FILE}")
endif()
if(RTVI_WITH_STATIC)
  include("${CMAKE_CURRENT_LIST_DIR}/archive.cmake")
endif()
add_custom_target(rtvi-files ALL ${rtvi_commands}
  DEPENDS ${RTVI_STATIC_FILE}
  BYPRODUCTS ${RTVI_SHARED_FILE} ${RTVI_LINK_FILES} ${RTVI_IMPORT_FILE} VERBATIM)
add_dependencies(rtvi-files rtvi-cargo)

include("${CMAKE_CURRENT_LIST_DIR}/targets.cmake")
rtvi_make_targets(
  "${RTVI_SHARED_FILE}" "${RTVI_STATIC_FILE}" "${RTVI_IMPORT_FILE}"
  "${RTVI_ROOT}/bindings/c/include;${CMAKE_CURRENT_SOURCE_DIR}/include")
foreach(target rtvi-shared rtvi-archive)
  if(TARGET ${target})
    add_dependencies(${target} rtvi-files)
  endif()
endforeach()
