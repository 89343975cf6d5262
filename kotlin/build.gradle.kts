plugins {
    alias(libs.plugins.android.application) apply false
    alias(libs.plugins.android.library) apply false
    alias(libs.plugins.kotlin.android) apply false
    alias(libs.plugins.kotlin.compose) apply false
    alias(libs.plugins.kotlin.jvm) apply false
    alias(libs.plugins.kotlin.serialization) apply false
}

subprojects {
    group = "ai.rtvi"
    version = providers.gradleProperty("releaseVersion").getOrElse("0.1.0")

    // A release's version: -PreleaseVersion=VERSION. Where it goes: -PreleaseUrl=URL, with RELEASE_USER and RELEASE_PASSWORD in the environment. Without it `publishToMavenLocal`.
    plugins.withId("maven-publish") {
        val url = providers.gradleProperty("releaseUrl").orNull ?: return@withId
        extensions.configure<PublishingExtension> {
            repositories.maven(url) {
                credentials {
                    username = System.getenv("RELEASE_USER")
                    password = System.getenv("RELEASE_PASSWORD")
                }
            }
        }
    }
}
