// swift-tools-version:6.0
// The package for apps. swift/Package.swift has the same targets, and the tests.
import PackageDescription

#if os(Linux)
// `cargo xtask bindings` has made the module; the library is found by `-Xlinker -L` and
// `LD_LIBRARY_PATH`.
let core: Target = .systemLibrary(name: "rtviFFI", path: "swift/Generated/rtviFFI")
#else
// Made by swift/scripts/build-xcframework.sh; a release replaces the path by its URL and checksum.
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
        .library(name: "RTVIVideo", targets: ["RTVIVideo"]),
    ],
    targets: [
        core,
        // In the older language: the compiler can't check what UniFFI generates for objects.
        .target(
            name: "RTVITypes", dependencies: ["rtviFFI"], path: "swift/Sources/RTVITypes",
            swiftSettings: [.swiftLanguageMode(.v5)], linkerSettings: apple),
        .target(
            name: "RTVI", dependencies: ["RTVITypes"], path: "swift/Sources/RTVI",
            resources: [.copy("PrivacyInfo.xcprivacy")]),
        .target(name: "RTVIVideo", dependencies: ["RTVI"], path: "swift/Sources/RTVIVideo"),
    ],
    swiftLanguageModes: [.v6]
)
