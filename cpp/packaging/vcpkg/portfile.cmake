# An overlay port: `vcpkg install rtvi --overlay-ports=cpp/packaging/vcpkg`. Builds the source tree it lies in; needs cargo.
get_filename_component(SOURCE_PATH "${CMAKE_CURRENT_LIST_DIR}/../.." ABSOLUTE)

# Rust has one C runtime for both configurations: the one for releases.
set(VCPKG_BUILD_TYPE release)
set(VCPKG_POLICY_ONLY_RELEASE_CRT enabled)

vcpkg_check_features(OUT_FEATURE_OPTIONS options
  FEATURES
    devices RTVI_DEVICES
    h264 RTVI_H264
    processing RTVI_PROCESSING
    video RTVI_VIDEO
    webrtc RTVI_WEBRTC
)
string(COMPARE EQUAL "${VCPKG_LIBRARY_LINKAGE}" "dynamic" shared)
string(COMPARE EQUAL "${VCPKG_LIBRARY_LINKAGE}" "static" static)
vcpkg_cmake_configure(SOURCE_PATH "${SOURCE_PATH}"
  OPTIONS ${options} -DRTVI_INSTALL=ON -DRTVI_WITH_SHARED=${shared} -DRTVI_WITH_STATIC=${static})
vcpkg_cmake_install()
vcpkg_cmake_config_fixup(PACKAGE_NAME rtvi CONFIG_PATH lib/cmake/rtvi)
vcpkg_fixup_pkgconfig()
file(INSTALL "${CMAKE_CURRENT_LIST_DIR}/usage" DESTINATION "${CURRENT_PACKAGES_DIR}/share/${PORT}")
vcpkg_install_copyright(FILE_LIST "${SOURCE_PATH}/../LICENSE" "${SOURCE_PATH}/../THIRD_PARTY_LICENSES.txt")
file(REMOVE_RECURSE "${CURRENT_PACKAGES_DIR}/share/doc")
