// swift-tools-version:5.9
import PackageDescription

let package = Package(
    name: "Console",
    platforms: [.macOS(.v12)],
    dependencies: [.package(name: "RTVI", path: "../../..")],
    targets: [
        .executableTarget(name: "console", dependencies: [.product(name: "RTVI", package: "RTVI")], path: "Sources")
    ]
)
