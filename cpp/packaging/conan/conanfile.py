"""Conan 2 recipe: `conan create cpp/packaging/conan`. Builds the source tree it lies in; needs cargo."""

from pathlib import Path

from conan import ConanFile
from conan.tools.cmake import CMake, CMakeDeps, CMakeToolchain, cmake_layout
from conan.tools.files import copy


class RtviConan(ConanFile):
    name = "rtvi"
    version = "0.1.0"
    license = "BSD-2-Clause"
    description = "Talk to Pipecat voice bots from C and C++"
    settings = "os", "arch", "compiler", "build_type"
    options = {"shared": [True, False]}
    default_options = {"shared": True}

    def export_sources(self):
        root = Path(self.recipe_folder).parents[2]
        for pattern in ("Cargo.*", "LICENSE", "rtvi-core/*", "rtvi-devices/*", "bindings/*", "cpp/*", "examples/*", "tests/*", "xtask/*"):
            copy(self, pattern, src=str(root), dst=self.export_sources_folder, excludes="*/target/*")

    def layout(self):
        cmake_layout(self, src_folder="cpp")

    def generate(self):
        CMakeToolchain(self).generate()
        CMakeDeps(self).generate()

    def build(self):
        cmake = CMake(self)
        cmake.configure()
        cmake.build()

    def package(self):
        CMake(self).install()
        root = Path(self.source_folder).parent
        copy(self, "LICENSE", src=str(root), dst=str(Path(self.package_folder) / "licenses"))

    def package_info(self):
        self.cpp_info.set_property("cmake_file_name", "rtvi")
        self.cpp_info.set_property("cmake_target_name", "rtvi::rtvi" if self.options.shared else "rtvi::static")
        self.cpp_info.libs = ["rtvi"]
        if not self.options.shared:
            self.cpp_info.defines = ["RTVI_STATIC"]
            if self.settings.os == "Linux":
                self.cpp_info.system_libs = ["pthread", "dl", "m", "asound"]
