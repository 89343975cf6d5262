# Installs the library, the headers, and what find_package and pkg-config need.
include(CMakePackageConfigHelpers)

install(FILES "${RTVI_ROOT}/bindings/c/include/rtvi.h" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" COMPONENT devel)
install(DIRECTORY include/rtvi DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" COMPONENT devel)
set(rtvi_lib_dir "${CMAKE_INSTALL_LIBDIR}")
if(RTVI_WITH_SHARED AND WIN32)
  install(PROGRAMS "${RTVI_SHARED_FILE}" DESTINATION "${CMAKE_INSTALL_BINDIR}" COMPONENT runtime)
  install(FILES "${RTVI_IMPORT_FILE}" DESTINATION "${rtvi_lib_dir}" COMPONENT devel)
elseif(RTVI_WITH_SHARED)
  install(FILES "${RTVI_SHARED_FILE}" "${rtvi_lib}/${rtvi_runtime_link}" DESTINATION "${rtvi_lib_dir}" COMPONENT runtime)
  install(FILES "${rtvi_lib}/${rtvi_devel_link}" DESTINATION "${rtvi_lib_dir}" COMPONENT devel)
endif()
if(RTVI_WITH_STATIC)
  install(FILES "${RTVI_STATIC_FILE}" DESTINATION "${rtvi_lib_dir}" COMPONENT devel)
endif()

set(rtvi_config_dir "${rtvi_lib_dir}/cmake/rtvi")
configure_package_config_file(cmake/rtvi-config.cmake.in "${CMAKE_CURRENT_BINARY_DIR}/rtvi-config.cmake"
  INSTALL_DESTINATION "${rtvi_config_dir}"
  PATH_VARS CMAKE_INSTALL_LIBDIR CMAKE_INSTALL_BINDIR CMAKE_INSTALL_INCLUDEDIR)
write_basic_package_version_file("${CMAKE_CURRENT_BINARY_DIR}/rtvi-config-version.cmake"
  VERSION ${PROJECT_VERSION} COMPATIBILITY SameMinorVersion)
install(FILES
  "${CMAKE_CURRENT_BINARY_DIR}/rtvi-config.cmake" "${CMAKE_CURRENT_BINARY_DIR}/rtvi-config-version.cmake"
  cmake/targets.cmake
  DESTINATION "${rtvi_config_dir}" COMPONENT devel)

# Relative to the .pc file, so that the installed folder can be moved.
file(RELATIVE_PATH rtvi_pc_prefix "/p/${rtvi_lib_dir}/pkgconfig" "/p")
set(rtvi_pc_system "")
foreach(library IN LISTS RTVI_SYSTEM_LIBRARIES)
  if(library MATCHES "^-")
    string(APPEND rtvi_pc_system " ${library}")
  else()
    string(APPEND rtvi_pc_system " -l${library}")
  endif()
endforeach()
set(rtvi_pc_public "")
set(rtvi_pc_name rtvi)
set(rtvi_pc_flags "")
if(NOT RTVI_WITH_SHARED)
  set(rtvi_pc_public "${rtvi_pc_system}")
  set(rtvi_pc_flags " -DRTVI_STATIC")
  string(REGEX REPLACE "^lib|\\.[a-z]+$" "" rtvi_pc_name "${rtvi_static_name}")
endif()
configure_file(cmake/rtvi.pc.in "${CMAKE_CURRENT_BINARY_DIR}/rtvi.pc" @ONLY)
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/rtvi.pc" DESTINATION "${rtvi_lib_dir}/pkgconfig" COMPONENT devel)
