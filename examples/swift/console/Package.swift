// swift-tools-version:5.9
import PackageDescription

let package = Package(
    name: "Console",
    platforms: [.macOS(.v12)],
    dependencies: [.package(path: "../../../swift")],
    targets: [
        .executableTarget(name: "console", dependencies: [.product(name: "RTVI", package: "swift")], path: "Sources")
    ]
)
