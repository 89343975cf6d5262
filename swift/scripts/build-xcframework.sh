#!/bin/sh
# Builds the core for every Apple platform, on a Mac with Xcode and rustup:
#
#   swift/scripts/build-xcframework.sh              swift/Generated/rtviFFI.xcframework, which Package.swift uses
#   swift/scripts/build-xcframework.sh URL          also target/apple/release: the package as it is released, with the
#                                                   framework at URL, and target/apple/rtviFFI.xcframework.zip to put there
set -eu
cd "$(dirname "$0")/../.."
url=${1:-}
work=target/apple
generated=swift/Generated
export IPHONEOS_DEPLOYMENT_TARGET=15.0 MACOSX_DEPLOYMENT_TARGET=12.0

cargo xtask bindings
rm -rf "$work" "$generated/rtviFFI.xcframework"
# Xcode copies what is in `headers` to a folder that all frameworks share: the folder in it, named as the module, keeps them apart.
headers="$work/headers/rtviFFI"
mkdir -p "$headers" "$work/simulator" "$work/macos"
cp "$generated"/rtviFFI/*.h "$headers/"
# Xcode links the framework's library by itself.
grep -v '^ *link ' "$generated/rtviFFI/module.modulemap" > "$headers/module.modulemap"

for target in aarch64-apple-ios aarch64-apple-ios-sim x86_64-apple-ios aarch64-apple-darwin x86_64-apple-darwin; do
    rustup target add "$target"
    cargo build --package rtvi-uniffi --profile size --locked --target "$target"
done

built() {
    echo "target/$1/size/librtvi_uniffi.a"
}
lipo -create "$(built aarch64-apple-ios-sim)" "$(built x86_64-apple-ios)" -output "$work/simulator/librtvi_uniffi.a"
lipo -create "$(built aarch64-apple-darwin)" "$(built x86_64-apple-darwin)" -output "$work/macos/librtvi_uniffi.a"
xcodebuild -create-xcframework \
    -library "$(built aarch64-apple-ios)" -headers "$work/headers" \
    -library "$work/simulator/librtvi_uniffi.a" -headers "$work/headers" \
    -library "$work/macos/librtvi_uniffi.a" -headers "$work/headers" \
    -output "$generated/rtviFFI.xcframework"

[ -n "$url" ] || exit 0
(cd "$generated" && zip -qry "$OLDPWD/$work/rtviFFI.xcframework.zip" rtviFFI.xcframework)
checksum=$(swift package compute-checksum "$work/rtviFFI.xcframework.zip")
swift/scripts/release-package.sh "$work/release" "$url" "$checksum"
(cd "$work/release" && swift package describe > /dev/null)
echo "released package in $work/release, checksum $checksum"
