// The library for any JVM. Its tests are run by the Maven build.
plugins {
    alias(libs.plugins.kotlin.jvm)
    alias(libs.plugins.kotlin.serialization)
    `maven-publish`
}

val generateBindings = tasks.register<Exec>("generateBindings") {
    description = "Generates the sources that call the native library."
    workingDir = rootDir.parentFile
    commandLine("cargo", "xtask", "bindings")
}

kotlin {
    jvmToolchain(17)
    compilerOptions.jvmTarget = org.jetbrains.kotlin.gradle.dsl.JvmTarget.JVM_11
    sourceSets.main {
        kotlin.srcDir(files(rootDir.resolve("generated")).builtBy(generateBindings))
    }
}

java {
    targetCompatibility = JavaVersion.VERSION_11
    withSourcesJar()
}

// What the native libraries are made of: those in this jar, and the Android library's, which comes with it.
tasks.named<Jar>("jar") {
    from(rootDir.resolveSibling("THIRD_PARTY_LICENSES.txt"), rootDir.resolveSibling("LICENSE")) { into("META-INF/ai.rtvi") }
}

// The native library for desktop systems, as JNA looks for it in a jar: -PnativesDir=FOLDER with linux-x86-64/librtvi_uniffi.so,
// darwin-aarch64/librtvi_uniffi.dylib, win32-x86-64/rtvi_uniffi.dll and the like.
providers.gradleProperty("nativesDir").orNull?.let { folder ->
    tasks.named<Jar>("jar") { from(folder) }
}

dependencies {
    api(libs.coroutines.core)
    api(libs.serialization.json)
    implementation(libs.jna)
}

publishing.publications.register<MavenPublication>("release") {
    from(components["java"])
    pom {
        name = "RTVI client for Kotlin"
        description = "Talks to Pipecat voice bots."
    }
}
