plugins {
    alias(libs.plugins.android.application) apply false
    alias(libs.plugins.android.library) apply false
    alias(libs.plugins.kotlin.android) apply false
    alias(libs.plugins.kotlin.compose) apply false
    alias(libs.plugins.kotlin.jvm) apply false
    alias(libs.plugins.kotlin.serialization) apply false
    alias(libs.plugins.dokka) apply false
}

subprojects {
    group = "ai.rtvi"
    version = providers.gradleProperty("releaseVersion").getOrElse("0.1.0")

    // What apps need at least: their compiler reads classes of this version.
    plugins.withType<org.jetbrains.kotlin.gradle.plugin.KotlinBasePlugin> {
        extensions.configure<org.jetbrains.kotlin.gradle.dsl.KotlinProjectExtension> {
            coreLibrariesVersion = libs.versions.kotlin.stdlib.get()
        }
        tasks.withType<org.jetbrains.kotlin.gradle.tasks.KotlinCompilationTask<*>>().configureEach {
            compilerOptions {
                languageVersion = org.jetbrains.kotlin.gradle.dsl.KotlinVersion.KOTLIN_2_1
                apiVersion = org.jetbrains.kotlin.gradle.dsl.KotlinVersion.KOTLIN_2_1
                // What an interface does by default is a default method for Java, too.
                freeCompilerArgs.add("-jvm-default=no-compatibility")
            }
        }
    }

    plugins.withId("maven-publish") {
        apply(plugin = "signing")
        val publishing = extensions.getByType<PublishingExtension>()
        publishing.publications.withType<MavenPublication>().configureEach { pom { describe() } }
        publish(publishing)
        sign(publishing)
    }
}

/** What Maven Central requires. The project's address: -PprojectUrl=URL. */
fun MavenPom.describe() {
    licenses {
        license {
            name = "BSD-2-Clause"
            url = "https://opensource.org/license/bsd-2-clause"
        }
    }
    developers {
        developer {
            id = "rtvi"
            name = "The RTVI client SDK authors"
        }
    }
    val home = providers.gradleProperty("projectUrl").orNull ?: return
    url = home
    scm {
        url = home
        connection = "scm:git:$home.git"
        developerConnection = "scm:git:$home.git"
    }
}

/** Where a release goes: -PreleaseUrl=URL, with RELEASE_USER and RELEASE_PASSWORD in the environment. Without it `publishToMavenLocal`. */
fun Project.publish(publishing: PublishingExtension) {
    val url = providers.gradleProperty("releaseUrl").orNull ?: return
    publishing.repositories.maven(url) {
        credentials {
            username = System.getenv("RELEASE_USER")
            password = System.getenv("RELEASE_PASSWORD")
        }
    }
}

/** Signs what is published if SIGNING_KEY (in armour) and SIGNING_PASSWORD are in the environment. */
fun Project.sign(publishing: PublishingExtension) {
    val key = System.getenv("SIGNING_KEY")?.takeIf { it.isNotEmpty() } ?: return
    extensions.configure<SigningExtension> {
        useInMemoryPgpKeys(key, System.getenv("SIGNING_PASSWORD"))
        sign(publishing.publications)
    }
}
