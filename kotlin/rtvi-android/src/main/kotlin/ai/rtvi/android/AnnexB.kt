package ai.rtvi.android

/** The types of NAL units (H.264, table 7-1). */
private const val SPS = 7
private const val DELIMITER = 9

/** A stream of H.264 in Annex B form: units behind start codes. */
internal object AnnexB {
    /** Where each unit is, without its start code. */
    fun units(stream: ByteArray): List<IntRange> {
        val codes = (0..stream.size - 3).filter { isStartCode(stream, it) }
        return codes.mapIndexed { index, code ->
            var end = codes.getOrElse(index + 1) { stream.size }
            // The zeros before a start code belong to it.
            if (index + 1 < codes.size) while (end > code + 3 && stream[end - 1] == ZERO) end--
            code + 3 until end
        }.filterNot { it.isEmpty() }
    }

    private fun isStartCode(stream: ByteArray, at: Int) = stream[at] == ZERO && stream[at + 1] == ZERO && stream[at + 2] == ONE

    private fun kind(stream: ByteArray, unit: IntRange) = stream[unit.first].toInt() and 0x1F

    /** Whether the stream has a sequence parameter set. */
    fun hasParameterSets(stream: ByteArray): Boolean = units(stream).any { kind(stream, it) == SPS }

    /** The access unit without a delimiter at its beginning. */
    fun withoutDelimiter(stream: ByteArray): ByteArray {
        val units = units(stream)
        val first = units.firstOrNull() ?: return stream
        if (kind(stream, first) != DELIMITER || units.size == 1) return stream
        return START_CODE + stream.copyOfRange(units[1].first, stream.size)
    }

    private const val ZERO: Byte = 0
    private const val ONE: Byte = 1
    private val START_CODE = byteArrayOf(0, 0, 0, 1)
}

/** Makes each key frame of an H.264 encoder begin with its parameter sets, which some encoders deliver only once. */
internal class ParameterSets {
    private var sets = ByteArray(0)

    /** What the encoder delivers before its first frame. */
    fun remember(config: ByteArray) {
        sets = config
    }

    /** The access unit as it is sent. */
    fun complete(unit: ByteArray, isKey: Boolean): ByteArray {
        val plain = AnnexB.withoutDelimiter(unit)
        return if (isKey && !AnnexB.hasParameterSets(plain)) sets + plain else plain
    }
}
