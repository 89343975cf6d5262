// The demo bot for an app's tests on any JVM.
plugins {
    alias(libs.plugins.kotlin.jvm)
    `maven-publish`
}

kotlin {
    explicitApi()
    jvmToolchain(17)
    compilerOptions.jvmTarget = org.jetbrains.kotlin.gradle.dsl.JvmTarget.JVM_11
}

java {
    targetCompatibility = JavaVersion.VERSION_11
    withSourcesJar()
    withJavadocJar()
}

publishing.publications.register<MavenPublication>("release") {
    from(components["java"])
    pom {
        name = "RTVI demo bot for tests"
        description = "Starts a bot for an app's tests."
    }
}
