"""Conan 2 recipe: `conan create cpp/packaging/conan`. Builds the source tree it lies in; needs cargo.

The configuration `user.rtvi:library_dir` names a folder with the library as cargo built it, instead of cargo.
"""

import shutil
from pathlib import Path

from conan import ConanFile
from conan.tools.cmake import CMake, CMakeDeps, CMakeToolchain, cmake_layout
from conan.tools.files import copy, rmdir
from conan.tools.system.package_manager import Apt, Dnf, PacMan

PARTS = {"devices": True, "webrtc": True, "processing": True, "video": False, "h264": False}
LICENCES = ("LICENSE", "THIRD_PARTY_LICENSES.txt")
SOURCES = ("rtvi-core", "rtvi-devices", "rtvi-video", "bindings", "cpp", "examples", "tests", "xtask")


class RtviConan(ConanFile):
    name = "rtvi"
    version = "0.1.0"
    license = "BSD-2-Clause"
    description = "Talk to Pipecat voice bots from C and C++"
    package_type = "library"
    settings = "os", "arch", "compiler", "build_type"
    options = {"shared": [True, False], **{part: [True, False] for part in PARTS}}
    default_options = {"shared": True, **PARTS}

    def export_sources(self):
        root, to = Path(self.recipe_folder).parents[2], Path(self.export_sources_folder)
        for name in ("Cargo.toml", "Cargo.lock", *LICENCES):
            shutil.copy(root / name, to / name)
        # One by one: a search of the whole tree would read everything that was ever built in it.
        for folder in SOURCES:
            copy(self, "*", src=str(root / folder), dst=str(to / folder), excludes=("target/*", "*/target/*", "*/node_modules/*"))

    def configure(self):
        # The library is C, and the C++ part is headers.
        self.settings.rm_safe("compiler.cppstd")
        self.settings.rm_safe("compiler.libcxx")

    def system_requirements(self):
        if self.options.devices:
            Apt(self).install(["libasound2-dev"])
            Dnf(self).install(["alsa-lib-devel"])
            PacMan(self).install(["alsa-lib"])

        if self.has_video():
            Apt(self).install(["libvpx-dev"])
            Dnf(self).install(["libvpx-devel"])
            PacMan(self).install(["libvpx"])

    def has_video(self):
        return self.options.video or self.options.h264

    def layout(self):
        cmake_layout(self, src_folder="cpp")

    def generate(self):
        toolchain = CMakeToolchain(self)
        for part in PARTS:
            toolchain.cache_variables[f"RTVI_{part.upper()}"] = bool(self.options.get_safe(part))
        toolchain.cache_variables["RTVI_WITH_SHARED"] = bool(self.options.shared)
        toolchain.cache_variables["RTVI_WITH_STATIC"] = not self.options.shared
        library = self.conf.get("user.rtvi:library_dir")
        if library:
            toolchain.cache_variables["RTVI_LIBRARY_DIR"] = library
        toolchain.generate()
        CMakeDeps(self).generate()

    def build(self):
        cmake = CMake(self)
        cmake.configure()
        cmake.build()

    def package(self):
        CMake(self).install()
        # CMakeDeps writes these files for each consumer.
        rmdir(self, str(Path(self.package_folder) / "lib" / "cmake"))
        rmdir(self, str(Path(self.package_folder) / "lib" / "pkgconfig"))
        rmdir(self, str(Path(self.package_folder) / "share"))
        root = Path(self.source_folder).parent
        for name in LICENCES:
            copy(self, name, src=str(root), dst=str(Path(self.package_folder) / "licenses"))

    def package_info(self):
        self.cpp_info.set_property("cmake_file_name", "rtvi")
        self.cpp_info.set_property("cmake_target_name", "rtvi::rtvi")
        self.cpp_info.set_property("pkg_config_name", "rtvi")
        if self.options.shared:
            self.cpp_info.libs = ["rtvi"]
            return
        self.cpp_info.libs = ["rtvi_static" if self.settings.os == "Windows" else "rtvi"]
        self.cpp_info.defines = ["RTVI_STATIC"]
        self.system_libraries()

    def system_libraries(self):
        """The same lists as in cpp/cmake/targets.cmake."""
        libraries, frameworks = ["pthread", "dl", "m"], []
        of_devices, frameworks_of_devices = ["asound"], []
        if self.settings.os == "Windows":
            libraries = ["ws2_32", "iphlpapi", "userenv", "ntdll", "bcrypt", "crypt32", "secur32", "advapi32", "ncrypt"]
            of_devices = ["ole32", "oleaut32", "propsys"]
        elif self.settings.os == "Macos":
            libraries, of_devices = ["iconv"], []
            frameworks = ["Security", "CoreFoundation", "SystemConfiguration"]
            frameworks_of_devices = ["CoreAudio", "AudioToolbox", "AudioUnit"]
        if self.options.devices:
            libraries += of_devices
            frameworks += frameworks_of_devices
        if self.has_video():
            libraries.append("vpx")
        self.cpp_info.system_libs = libraries
        self.cpp_info.frameworks = frameworks
