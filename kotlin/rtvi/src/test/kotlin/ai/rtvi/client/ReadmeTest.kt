package ai.rtvi.client

import java.io.File
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test

/** The quick start of the README is a program that is compiled here. */
class ReadmeTest {
    @Test
    fun theQuickStartCompiles() {
        val shown = File("../README.md").readText().substringAfter("```kotlin\n").substringBefore("```")
        assertEquals("package quickstart\n\n$shown", File("src/test/kotlin/quickstart/QuickStart.kt").readText())
    }
}
