package ai.rtvi.testing

import java.io.IOException
import java.util.concurrent.CompletableFuture
import java.util.concurrent.TimeUnit
import java.util.concurrent.TimeoutException

/**
 * The demo bot in a process of its own, for an app's tests: a server that behaves like a Pipecat bot, with
 * scripted ears, language model and voice. It needs no network, and ends with the test's process at the
 * latest, also if that is killed.
 *
 * ```
 * val bot = DemoBot.start { prompts = listOf("How is the weather in Oslo?") }
 * call.start(bot.startUrl)
 * bot.close()
 * ```
 *
 * It runs the program `rtvi-bot`: the one that the system property `rtvi.bot` or the environment variable
 * `RTVI_BOT` names, otherwise the one on the `PATH`.
 */
public class DemoBot private constructor(private val process: Process, private val url: String) : AutoCloseable {
    private val ending = Thread { process.destroy() }

    init {
        Runtime.getRuntime().addShutdownHook(ending)
    }

    /** Where a client asks for a bot. */
    public val startUrl: String get() = "$url/start"

    /** Where a client sends its WebRTC offer. */
    public val offerUrl: String get() = "$url/api/offer"

    /** Where a client connects over WebSocket. */
    public val webSocketUrl: String get() = url.replaceFirst("http", "ws") + "/ws"

    /** Ends the bot, as if the server were killed. */
    override fun close() {
        process.destroyForcibly().waitFor()
        Runtime.getRuntime().removeShutdownHook(ending)
    }

    /** How the bot behaves. */
    public class Options internal constructor() {
        /** What it says when the client is ready; `null` for nothing. */
        public var greeting: String? = null

        /** What it hears when the user speaks, turn by turn. */
        public var prompts: List<String> = emptyList()

        /** The factor on its own durations: 0.1 is ten times as fast. */
        public var pace: Double = 0.1

        /** How it misbehaves: a kind such as `drop`, or JSON such as `{"kind":"close","code":1011}`; `null` for not at all. */
        public var fault: String? = null

        /** Further arguments of the program; `rtvi-bot --help` lists them. */
        public var arguments: List<String> = emptyList()

        internal fun commandLine(program: String): List<String> = buildList {
            add(program)
            addAll(listOf("--while-stdin", "--port", "0", "--pace", pace.toString()))
            // In one argument each: a text may begin with a dash.
            greeting?.let { add("--greeting=$it") }
            prompts.forEach { add("--prompt=$it") }
            fault?.let { add("--fault=$it") }
            addAll(arguments)
        }
    }

    public companion object {
        private const val SECONDS = 30L
        private const val READY = "READY "

        /**
         * Starts a bot on a free port of this machine and waits until it listens.
         *
         * @throws IOException if there is no such program, or if it does not listen within 30 seconds.
         */
        @JvmStatic
        @JvmOverloads
        public fun start(configure: Options.() -> Unit = {}): DemoBot {
            val program = System.getProperty("rtvi.bot") ?: System.getenv("RTVI_BOT") ?: "rtvi-bot"
            val process = ProcessBuilder(Options().apply(configure).commandLine(program))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start()
            return DemoBot(process, url(process))
        }

        private fun url(process: Process): String {
            val line = CompletableFuture.supplyAsync { process.inputStream.bufferedReader().readLine() }
            val said = try {
                line.get(SECONDS, TimeUnit.SECONDS)
            } catch (late: TimeoutException) {
                null
            }
            if (said?.startsWith(READY) == true) return said.removePrefix(READY).trim()
            process.destroyForcibly()
            throw IOException("the demo bot does not listen; it said: ${said ?: "nothing"}")
        }
    }
}
