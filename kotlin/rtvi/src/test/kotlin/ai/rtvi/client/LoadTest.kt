package ai.rtvi.client

import java.io.File
import kotlinx.coroutines.delay
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/**
 * Many calls and many sessions, with memory that stays flat.
 *
 * In small by default; `RTVI_TEST_LOAD=10` makes it ten times as much, 100,000 calls and 1,000 sessions.
 */
class LoadTest {
    private val factor = System.getenv("RTVI_TEST_LOAD")?.toInt() ?: 1

    /** What is in use, in KiB: resident memory, which is the heap as a whole and all that is native, and what of the heap holds something. */
    private fun memory(): Pair<Long, Long> {
        repeat(3) { System.gc() }
        val status = File("/proc/self/status").takeIf(File::exists)?.readLines().orEmpty()
        val resident = status.find { it.startsWith("VmRSS") }?.filter(Char::isDigit)?.toLong() ?: 0
        val runtime = Runtime.getRuntime()
        return Pair(resident, (runtime.totalMemory() - runtime.freeMemory()) / 1024)
    }

    private fun assertFlat(before: Pair<Long, Long>, what: String) {
        val after = memory()
        val grown = "${after.first - before.first} KiB resident and ${after.second - before.second} KiB of the heap for $what"
        println(grown)
        assertTrue(after.first - before.first < LIMIT && after.second - before.second < LIMIT, grown)
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
        assertFlat(before, "${100 * factor} sessions")
    }

    @Test
    fun callsLeaveNothing() = test {
        PipecatClient(ScriptedBot(keeps = false)).use { client ->
            client.connect()
            suspend fun calls(count: Int) = repeat(count) { client.sendPatiently(Value.Number(it)) }
            calls(2_000)
            val before = memory()
            calls(10_000 * factor)
            assertFlat(before, "${10_000 * factor} calls")
        }
    }

    /** Sends a message, again while too many wait. */
    private suspend fun PipecatClient.sendPatiently(data: Value) {
        while (true) {
            try {
                return sendClientMessage("n", data)
            } catch (error: RtviException) {
                if (error.kind != ErrorKind.Busy) throw error
                delay(1)
            }
        }
    }

    private companion object {
        /** The virtual machine's own ups and downs, in KiB: less than 100 sessions or 10,000 calls would leave. */
        const val LIMIT = 9_000L
    }
}
