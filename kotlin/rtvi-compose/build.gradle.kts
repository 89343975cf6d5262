// Compose for the Android library.
plugins {
    alias(libs.plugins.android.library)
    alias(libs.plugins.kotlin.android)
    alias(libs.plugins.kotlin.compose)
    `maven-publish`
}

android {
    namespace = "ai.rtvi.compose"
    compileSdk = 36
    defaultConfig { minSdk = 24 }
    compileOptions {
        sourceCompatibility = JavaVersion.VERSION_11
        targetCompatibility = JavaVersion.VERSION_11
    }
    buildFeatures.compose = true
    publishing.singleVariant("release") {
        withSourcesJar()
        withJavadocJar()
    }
}

kotlin {
    explicitApi()
    compilerOptions.jvmTarget = org.jetbrains.kotlin.gradle.dsl.JvmTarget.JVM_11
}

dependencies {
    api(project(":rtvi-android"))
    implementation(platform(libs.compose.bom))
    implementation(libs.compose.foundation)
    implementation(libs.compose.ui)
}

afterEvaluate {
    publishing.publications.register<MavenPublication>("release") {
        artifactId = "rtvi-compose"
        from(components["release"])
        pom {
            name = "RTVI client for Jetpack Compose"
            description = "Conversations, levels and video of Pipecat bots in Jetpack Compose."
        }
    }
}
