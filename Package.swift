// swift-tools-version:6.0
// The package for apps, made from swift/Package.swift; `RTVI_BLESS=1 cargo xtask test swift_sdk` renews it.
import PackageDescription

#if os(Linux)
// `cargo xtask bindings` has made the module; the library is found by `-Xlinker -L` and
// `LD_LIBRARY_PATH`.
let core: Target = .systemLibrary(name: "rtviFFI", path: "swift/Generated/rtviFFI")
#else
// Made by scripts/build-xcframework.sh; a release replaces the path by its URL and checksum.
let core: Target = .binaryTarget(name: "rtviFFI", path: "swift/Generated/rtviFFI.xcframework")
#endif

// What the core uses of the system; on Linux it says so itself.
let apple: [LinkerSetting] = ["Security", "SystemConfiguration", "CoreFoundation"].map {
    .linkedFramework($0, .when(platforms: [.iOS, .macOS]))
} + ["CoreAudio", "AudioToolbox"].map { .linkedFramework($0, .when(platforms: [.macOS])) }

let package = Package(
    name: "RTVI",
    platforms: [.iOS(.v15), .macOS(.v12)],
    products: [
        .library(name: "RTVI", targets: ["RTVI"]),
        // Apart, so that an app without a camera needs no reason for using one.
        .library(name: "RTVIVideo", targets: ["RTVIVideo"]),
        // Apart, because apps for China may not contain CallKit.
        .library(name: "RTVICallKit", targets: ["RTVICallKit"]),
        // What SwiftUI observes and shows of a call.
        .library(name: "RTVIUI", targets: ["RTVIUI"]),
        // For an app's tests only.
        .library(name: "RTVITestKit", targets: ["RTVITestKit"]),
    ],
    targets: [
        core,
        // What Swift lacks: atomic numbers on older systems, and catching Objective-C exceptions.
        .target(name: "CRTVI"),
        .target(name: "RTVITypes", dependencies: ["rtviFFI"], linkerSettings: apple),
        .target(
            name: "RTVI", dependencies: ["RTVITypes", "CRTVI"], resources: [.copy("PrivacyInfo.xcprivacy")]),
        .target(name: "RTVIVideo", dependencies: ["RTVI"]),
        .target(name: "RTVICallKit", dependencies: ["RTVI"]),
        .target(name: "RTVIUI", dependencies: ["RTVI"]),
        .target(name: "RTVITestKit", dependencies: ["RTVI"]),
    ]
)

for target in package.targets where target.type == .regular {
    target.path = "swift/Sources/\(target.name)"
    // The compiler can't check what UniFFI generates for objects.
    target.swiftSettings = [.swiftLanguageMode(target.name == "RTVITypes" ? .v5 : .v6)]
}
package.swiftLanguageModes = [.v6]
