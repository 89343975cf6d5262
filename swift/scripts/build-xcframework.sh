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
# The versions in Package.swift. Mac Catalyst has that of iOS.
export IPHONEOS_DEPLOYMENT_TARGET=15.0 MACOSX_DEPLOYMENT_TARGET=12.0 TVOS_DEPLOYMENT_TARGET=15.0 XROS_DEPLOYMENT_TARGET=1.0

cargo xtask bindings
rm -rf "$work" "$generated/rtviFFI.xcframework"
# Xcode copies what is in `headers` to a folder that all frameworks share: the folder in it, named as the module, keeps them apart.
headers="$work/headers/rtviFFI"
mkdir -p "$headers"
cp "$generated"/rtviFFI/*.h "$headers/"
# Xcode links the framework's library by itself.
grep -v '^ *link ' "$generated/rtviFFI/module.modulemap" > "$headers/module.modulemap"

# A target's library with the symbols of exported-symbols.txt only, all in one object: rtvi.o of the folder $2.
# `$3` is the SDK and `$4` is what clang calls the target.
build() {
    rustup target add "$1"
    cargo build --package rtvi-uniffi --profile size --locked --target "$1"
    mkdir -p "$2"
    xcrun --sdk "$3" clang -target "$4" -r -nostdlib -Wl,-force_load,"target/$1/size/librtvi_uniffi.a" \
        -Wl,-exported_symbols_list,swift/scripts/exported-symbols.txt -o "$2/rtvi.o"
    xcrun --sdk "$3" libtool -static -o "$2/librtvi_uniffi.a" "$2/rtvi.o"
}

# One platform: its name, its SDK, what clang calls it, and for each processor Rust's target and clang's name of the processor.
slice() {
    name=$1 sdk=$2 platform=$3
    shift 3
    libraries=""
    for both; do
        target=${both%:*} processor=${both#*:}
        build "$target" "$work/$name/$processor" "$sdk" "$processor-apple-$platform"
        libraries="$libraries $work/$name/$processor/librtvi_uniffi.a"
    done
    # The paths have no spaces.
    # shellcheck disable=SC2086
    lipo -create $libraries -output "$work/$name/librtvi_uniffi.a"
    slices="$slices -library $work/$name/librtvi_uniffi.a -headers $work/headers"
}

slices=""
slice ios iphoneos ios15.0 aarch64-apple-ios:arm64
slice ios-simulator iphonesimulator ios15.0-simulator aarch64-apple-ios-sim:arm64 x86_64-apple-ios:x86_64
slice catalyst macosx ios15.0-macabi aarch64-apple-ios-macabi:arm64 x86_64-apple-ios-macabi:x86_64
slice macos macosx macos12.0 aarch64-apple-darwin:arm64 x86_64-apple-darwin:x86_64
# Rust has no built standard library for the simulators of tvOS and visionOS on Intel.
slice tvos appletvos tvos15.0 aarch64-apple-tvos:arm64
slice tvos-simulator appletvsimulator tvos15.0-simulator aarch64-apple-tvos-sim:arm64
slice visionos xros xros1.0 aarch64-apple-visionos:arm64
slice visionos-simulator xrsimulator xros1.0-simulator aarch64-apple-visionos-sim:arm64
# shellcheck disable=SC2086
xcodebuild -create-xcframework $slices -output "$generated/rtviFFI.xcframework"

[ -n "$url" ] || exit 0
(cd "$generated" && zip -qry "$OLDPWD/$work/rtviFFI.xcframework.zip" rtviFFI.xcframework)
checksum=$(swift package compute-checksum "$work/rtviFFI.xcframework.zip")
swift/scripts/release-package.sh "$work/release" "$url" "$checksum"
(cd "$work/release" && swift package describe > /dev/null)
echo "released package in $work/release, checksum $checksum"
