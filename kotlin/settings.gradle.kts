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
        // The certificate verifier's part in Java, which is published here only; nothing else comes from here.
        exclusiveContent {
            forRepository {
                maven {
                    url = uri("https://github.com/rustls/rustls-platform-verifier/raw/maven-archive/android-release-support/maven/")
                }
            }
            filter { includeGroup("rustls") }
        }
    }
}

rootProject.name = "rtvi"
include("rtvi", "rtvi-testing", "rtvi-android", "rtvi-compose", "example")
project(":example").projectDir = file("../examples/android")
