package ai.rtvi.client

import java.io.File
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/**
 * Many calls and many sessions, with memory that stays flat.
 *
 * In small by default; `RTVI_TEST_LOAD=10` makes it ten times as much, 100,000 calls and 1,000 sessions.
 */
class LoadTest {
    private val factor = System.getenv("RTVI_TEST_LOAD")?.toInt() ?: 1

    /** Resident memory in kilobytes; 0 where the system does not tell. */
    private fun memory(): Long {
        System.gc()
        val status = File("/proc/self/status").takeIf(File::exists) ?: return 0
        return status.readLines().first { it.startsWith("VmRSS") }.filter(Char::isDigit).toLong()
    }

    private suspend fun sessions(count: Int) = repeat(count) {
        val input = PcmInput(16_000)
        PipecatClient(ScriptedBot(), PipecatClientOptions(microphone = Microphone.Pcm(input))).use { client ->
            client.registerFunctionCallHandler("f") { Value.Null }
            client.connect()
            client.disconnect()
        }
    }

    @Test
    fun sessionsLeaveNothing() = test {
        sessions(50)
        val before = memory()
        sessions(100 * factor)
        val grown = memory() - before
        assertTrue(grown < LIMIT, "$grown KiB for ${100 * factor} sessions")
    }

    @Test
    fun callsLeaveNothing() = test {
        PipecatClient(ScriptedBot()).use { client ->
            client.connect()
            suspend fun calls(count: Int) = repeat(count) { client.sendClientMessage("n", Value.Number(it)) }
            calls(2_000)
            val before = memory()
            calls(10_000 * factor)
            val grown = memory() - before
            assertTrue(grown < LIMIT, "$grown KiB for ${10_000 * factor} calls")
        }
    }

    private companion object {
        /** The virtual machine's own ups and downs; a session that stayed would be 100 KiB, and a call 1 KiB. */
        const val LIMIT = 9_000L
    }
}
