// swift-tools-version:5.9
import PackageDescription

let package = Package(
    name: "Examples",
    platforms: [.iOS(.v15), .macOS(.v12)],
    dependencies: [.package(name: "RTVI", path: "../../swift")],
    targets: [
        .executableTarget(
            name: "console", dependencies: [.product(name: "RTVI", package: "RTVI")], path: "Sources/Console")
    ]
)
