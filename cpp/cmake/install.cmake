# Installs the library, the headers, and what find_package and pkg-config need; packages as .tar.gz and .deb.
include(CMakePackageConfigHelpers)

install(FILES "${RTVI_ROOT}/bindings/c/include/rtvi.h" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" COMPONENT devel)
install(DIRECTORY include/rtvi DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" COMPONENT devel)
if(WIN32)
  install(PROGRAMS "${RTVI_SHARED_FILE}" DESTINATION "${CMAKE_INSTALL_BINDIR}" COMPONENT runtime)
  install(FILES "${RTVI_IMPORT_FILE}" DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT devel)
else()
  install(PROGRAMS "${RTVI_SHARED_FILE}" DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT runtime)
  install(FILES ${RTVI_LINK_FILES} DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT runtime)
endif()
install(FILES "${RTVI_STATIC_FILE}" DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT devel)

set(rtvi_config_dir "${CMAKE_INSTALL_LIBDIR}/cmake/rtvi")
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
file(RELATIVE_PATH rtvi_pc_prefix "/p/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/p")
set(rtvi_pc_audio "")
if(RTVI_DEVICES AND UNIX AND NOT APPLE)
  set(rtvi_pc_audio " -lasound")
endif()
set(rtvi_pc_video "")
if(RTVI_VIDEO OR RTVI_H264)
  set(rtvi_pc_video " -lvpx")
endif()
configure_file(cmake/rtvi.pc.in "${CMAKE_CURRENT_BINARY_DIR}/rtvi.pc" @ONLY)
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/rtvi.pc" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig" COMPONENT devel)

set(CPACK_PACKAGE_NAME rtvi)
set(CPACK_PACKAGE_VENDOR "The RTVI SDK authors")
set(CPACK_PACKAGE_CONTACT "The RTVI SDK authors <rtvi@example.org>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_RESOURCE_FILE_LICENSE "${RTVI_ROOT}/LICENSE")
set(CPACK_GENERATOR TGZ)
if(UNIX AND NOT APPLE)
  list(APPEND CPACK_GENERATOR DEB)
  set(CPACK_DEBIAN_PACKAGE_SECTION libdevel)
  set(CPACK_DEBIAN_PACKAGE_DEPENDS "libc6, libgcc-s1, ca-certificates")
  if(RTVI_DEVICES)
    string(APPEND CPACK_DEBIAN_PACKAGE_DEPENDS ", libasound2 | libasound2t64")
  endif()
  if(RTVI_VIDEO OR RTVI_H264)
    string(APPEND CPACK_DEBIAN_PACKAGE_DEPENDS ", libvpx7 | libvpx9 | libvpx11")
  endif()
  set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
endif()
include(CPack)
