// swift-tools-version:5.9
import PackageDescription

#if os(Linux)
// `cargo xtask bindings` has made the module; the library is found by `-Xlinker -L` and
// `LD_LIBRARY_PATH`.
let core: Target = .systemLibrary(name: "rtviFFI", path: "Generated/rtviFFI")
#else
// Made by scripts/build-xcframework.sh; a release replaces the path by its URL and checksum.
let core: Target = .binaryTarget(name: "rtviFFI", path: "Generated/rtviFFI.xcframework")
#endif

// What the core uses of the system; on Linux it says so itself.
let apple: [LinkerSetting] = ["Security", "SystemConfiguration", "CoreFoundation"].map {
    .linkedFramework($0, .when(platforms: [.iOS, .macOS]))
} + ["CoreAudio", "AudioToolbox"].map { .linkedFramework($0, .when(platforms: [.macOS])) }
let strict: [SwiftSetting] = [.enableExperimentalFeature("StrictConcurrency")]

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
        // Without `strict`: the compiler can't check what UniFFI generates for objects.
        .target(name: "RTVITypes", dependencies: ["rtviFFI"], linkerSettings: apple),
        .target(
            name: "RTVI", dependencies: ["RTVITypes", "CRTVI"], resources: [.copy("PrivacyInfo.xcprivacy")], swiftSettings: strict),
        .target(name: "RTVIVideo", dependencies: ["RTVI"], swiftSettings: strict),
        .target(name: "RTVICallKit", dependencies: ["RTVI"], swiftSettings: strict),
        .target(name: "RTVIUI", dependencies: ["RTVI"], swiftSettings: strict),
        .target(name: "RTVITestKit", dependencies: ["RTVI"], swiftSettings: strict),
        .target(name: "RTVITesting", dependencies: ["RTVI"], path: "Tests/RTVITesting", swiftSettings: strict),
        .executableTarget(name: "rtvi-scenario", dependencies: ["RTVI", "RTVITesting"], path: "Tests/Scenario", swiftSettings: strict),
        .executableTarget(
            name: "rtvi-video-call", dependencies: ["RTVI", "RTVIVideo", "RTVITesting"], path: "Tests/VideoCall", swiftSettings: strict),
        .executableTarget(name: "rtvi-load", dependencies: ["RTVI", "RTVITesting"], path: "Tests/Load", swiftSettings: strict),
        .executableTarget(name: "rtvi-bench", dependencies: ["RTVI"], path: "Benches", swiftSettings: strict),
        .testTarget(name: "RTVITests", dependencies: ["RTVI", "RTVITypes", "RTVIVideo", "RTVICallKit", "RTVITesting"], swiftSettings: strict),
        .testTarget(name: "RTVIUITests", dependencies: ["RTVIUI", "RTVITestKit"], swiftSettings: strict),
    ]
)
