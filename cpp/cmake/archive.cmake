# Makes the static library of cargo's archive. Read by library.cmake.
#
# Cargo's archive also defines what Rust's standard library has, so that a program can contain only one such archive. On Linux, ours is
# a single object that defines rtvi_… alone. Merging takes seconds: not for debug builds.

set(rtvi_archive "${rtvi_built}/${rtvi_cargo_static}")
if(UNIX AND NOT APPLE AND NOT rtvi_profile STREQUAL dev)
  set(rtvi_object "${rtvi_lib}/rtvi.o")
  add_custom_command(OUTPUT "${RTVI_STATIC_FILE}"
    COMMAND ${CMAKE_COMMAND} -E make_directory "${rtvi_lib}"
    COMMAND "${CMAKE_C_COMPILER}" -r -nostdlib -o "${rtvi_object}" -Wl,--whole-archive "${rtvi_archive}" -Wl,--no-whole-archive
    COMMAND "${CMAKE_OBJCOPY}" --wildcard --keep-global-symbol=rtvi_* --keep-global-symbol=DW.ref.* --strip-debug
      --remove-section=.llvmbc --remove-section=.llvmcmd "${rtvi_object}"
    COMMAND ${CMAKE_COMMAND} -E remove -f "${RTVI_STATIC_FILE}"
    COMMAND "${CMAKE_AR}" rcs "${RTVI_STATIC_FILE}" "${rtvi_object}"
    COMMAND ${CMAKE_COMMAND} -E remove -f "${rtvi_object}"
    DEPENDS rtvi-cargo "${rtvi_archive}"
    COMMENT "Hiding the symbols of the static RTVI library"
    VERBATIM)
else()
  add_custom_command(OUTPUT "${RTVI_STATIC_FILE}"
    COMMAND ${CMAKE_COMMAND} -E copy "${rtvi_archive}" "${RTVI_STATIC_FILE}"
    DEPENDS rtvi-cargo "${rtvi_archive}"
    VERBATIM)
endif()
