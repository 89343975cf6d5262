// Builds the JVM library, the Android library (AAR) and the Android example on a machine with the Android SDK and NDK, rustup and
// cargo-ndk. Where there is no Android SDK, pom.xml builds and tests all but the AAR.
pluginManagement {
    repositories {
        google()
        mavenCentral()
        gradlePluginPortal()
    }
}

dependencyResolutionManagement {
    repositoriesMode = RepositoriesMode.FAIL_ON_PROJECT_REPOS
    repositories {
        google()
        mavenCentral()
    }
}

rootProject.name = "rtvi"
include("rtvi", "rtvi-android", "example")
project(":example").projectDir = file("../examples/android")
