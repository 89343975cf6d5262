// The Android library: the JVM library, Android's microphone, speaker and routing, and the core for every ABI.
plugins {
    alias(libs.plugins.android.library)
    alias(libs.plugins.kotlin.android)
    `maven-publish`
}

val minimum = 24
val natives = layout.buildDirectory.dir("natives")

val buildCore = tasks.register<Exec>("buildCore") {
    description = "Builds the native library for every ABI."
    workingDir = rootDir.parentFile
    // Devices from 2025 on have pages of 16 KiB.
    environment("RUSTFLAGS", "-C link-arg=-Wl,-z,max-page-size=16384")
    commandLine(
        "cargo", "ndk", "--platform", "$minimum", "--output-dir", natives.get().asFile.path,
        "--target", "arm64-v8a", "--target", "armeabi-v7a", "--target", "x86_64",
        "build", "--package", "rtvi-uniffi", "--profile", "size", "--locked",
    )
}

// The certificate verifier's part in Java, in the version that belongs to the core's. Its classes are packed into the AAR.
val verifier by configurations.creating { isCanBeConsumed = false }
val verifierVersion = rootDir.resolveSibling("Cargo.lock").readLines()
    .dropWhile { it != "name = \"rustls-platform-verifier-android\"" }
    .first { it.startsWith("version = ") }
    .substringAfter('"').substringBefore('"')
val verifierFolder = layout.buildDirectory.dir("verifier")
val unpackVerifier = tasks.register<Copy>("unpackVerifier") {
    description = "Takes the certificate verifier's classes out of its AAR."
    from({ verifier.map { zipTree(it) } })
    include("classes.jar")
    rename { "rustls-platform-verifier.jar" }
    into(verifierFolder)
}

android {
    namespace = "ai.rtvi.android"
    compileSdk = 36
    defaultConfig {
        minSdk = minimum
        consumerProguardFiles("consumer-rules.pro")
    }
    compileOptions {
        sourceCompatibility = JavaVersion.VERSION_11
        targetCompatibility = JavaVersion.VERSION_11
    }
    sourceSets["main"].jniLibs.srcDir(natives)
    publishing.singleVariant("release") {
        withSourcesJar()
        withJavadocJar()
    }
}

kotlin {
    explicitApi()
    compilerOptions.jvmTarget = org.jetbrains.kotlin.gradle.dsl.JvmTarget.JVM_11
}

tasks.matching { it.name.startsWith("merge") && it.name.endsWith("JniLibFolders") }.configureEach { dependsOn(buildCore) }

dependencies {
    // JNA for Android is an AAR with its own native part, which replaces the jar.
    api(project(":rtvi")) { exclude(group = "net.java.dev.jna") }
    api(libs.coroutines.android)
    verifier("rustls:rustls-platform-verifier:$verifierVersion@aar")
    implementation(files(verifierFolder.map { it.file("rustls-platform-verifier.jar") }).builtBy(unpackVerifier))
    implementation("net.java.dev.jna:jna:${libs.versions.jna.get()}@aar")
}

afterEvaluate {
    publishing.publications.register<MavenPublication>("release") {
        artifactId = "rtvi-android"
        from(components["release"])
        pom {
            name = "RTVI client for Android"
            description = "Talks to Pipecat voice bots with the device's microphone and speaker."
        }
    }
}
