package ai.rtvi.example

/** The command line. */
class Arguments(private val given: Map<String, List<String>>) {
    val start get() = one("--start")
    val offer get() = one("--offer")
    val ws get() = one("--ws")
    val mic get() = one("--mic")
    val speaker get() = one("--speaker")
    val texts get() = given["--send"].orEmpty()

    private fun one(name: String) = given[name]?.last()

    companion object {
        const val USAGE = """usage: (--start URL | --offer URL | --ws URL) [--mic FILE.wav] [--speaker FILE.wav] [--send TEXT]...

Talks with a Pipecat bot: plays a WAV file as the user's voice, sends texts, and prints who says what.
Without --send it reads texts from standard input, a line each, until its end."""

        private val NAMES = setOf("--start", "--offer", "--ws", "--mic", "--speaker", "--send")

        /** `null` if that can't be used. */
        fun parse(args: Array<String>): Arguments? {
            if (args.size % 2 != 0) return null
            val given = args.toList().chunked(2).groupBy({ it[0] }, { it[1] })
            val targets = listOf("--start", "--offer", "--ws").count(given::containsKey)
            return Arguments(given).takeIf { NAMES.containsAll(given.keys) && targets == 1 }
        }
    }
}
