#!/bin/sh
# The package as it is released, in a new folder (absolute, or from the repository's root): its commit is what an app adds by the
# repository's URL. `cargo xtask bindings` must have generated the rest.
#
#   swift/scripts/release-package.sh FOLDER URL CHECKSUM        with the framework at URL
set -eu
folder=$1 url=$2 checksum=$3
cd "$(dirname "$0")/../.."
mkdir -p "$folder/swift/Generated"
# Apps on Linux need the module; the library is theirs to build.
cp -R swift/Generated/rtviFFI "$folder/swift/Generated/"
cp -R swift/Sources "$folder/swift/"
cp LICENSE THIRD_PARTY_LICENSES.txt swift/README.md "$folder/"
sed -e "s|path: \"swift/Generated/rtviFFI.xcframework\"|url: \"$url\", checksum: \"$checksum\"|" Package.swift > "$folder/Package.swift"
grep -q "$checksum" "$folder/Package.swift"
