package ai.rtvi.client

import java.io.File
import kotlinx.coroutines.delay
import org.junit.jupiter.api.Assertions.fail
import org.junit.jupiter.api.Test

/** Many calls and many sessions, with memory that stays flat. */
class LoadTest {
    /** What is in use, in KiB: resident memory, which is the heap as a whole and all that is native, and what of the heap holds something. */
    private fun memory(): Pair<Long, Long> {
        repeat(3) { System.gc() }
        val status = File("/proc/self/status").takeIf(File::exists)?.readLines().orEmpty()
        val resident = status.find { it.startsWith("VmRSS") }?.filter(Char::isDigit)?.toLong() ?: 0
        val runtime = Runtime.getRuntime()
        return Pair(resident, (runtime.totalMemory() - runtime.freeMemory()) / 1024)
    }

    /** Does something in rounds until one leaves nothing: the virtual machine has its own ups and downs, but a leak grows in every round. */
    private suspend fun assertFlat(what: String, round: suspend () -> Unit) {
        val grown = List(ROUNDS) {
            val before = memory()
            round()
            val after = memory()
            val resident = after.first - before.first
            val heap = after.second - before.second
            println("$what: $resident KiB resident, $heap KiB of the heap")
            if (resident < LIMIT && heap < LIMIT) return
            Pair(resident, heap)
        }
        fail<Unit>("memory grows with $what: $grown KiB")
    }

    private suspend fun sessions(count: Int) = repeat(count) {
        val input = PcmInput(16_000)
        PipecatClient(ScriptedBot(), PipecatClientOptions { microphone = Microphone.Pcm(input) }).use { client ->
            client.registerFunctionCallHandler("f") { Value.Null }
            client.connect()
            client.disconnect()
        }
    }

    @Test
    fun sessionsLeaveNothing() = test(PATIENCE * ROUNDS) {
        sessions(50)
        assertFlat("$SESSIONS sessions") { sessions(SESSIONS) }
    }

    @Test
    fun callsLeaveNothing() = test(PATIENCE * ROUNDS) {
        PipecatClient(ScriptedBot(keeps = false)).use { client ->
            client.connect()
            suspend fun calls(count: Int) = repeat(count) { client.sendPatiently(Value.Number(it)) }
            calls(2_000)
            assertFlat("$CALLS calls") { calls(CALLS) }
        }
    }

    /** Sends a message, again while too many wait. */
    private suspend fun PipecatClient.sendPatiently(data: Value) {
        while (true) {
            try {
                return sendClientMessage("n", data)
            } catch (error: RtviException) {
                if (error.kind != ErrorKind.BUSY) throw error
                delay(1)
            }
        }
    }

    private companion object {
        const val SESSIONS = 1_000
        const val CALLS = 100_000

        /** In KiB: what the sessions would leave that kept 2 KiB each, or the calls that kept 20 bytes each. */
        const val LIMIT = 2_000L
        const val ROUNDS = 8
    }
}
