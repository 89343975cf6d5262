package ai.rtvi.android

import java.nio.Buffer

// Since Java 9, and on Android 10, these are also declared for each kind of buffer. An app that calls such
// a declaration ends on older devices; what is declared for all buffers is everywhere.

internal fun Buffer.restart() {
    clear()
}

internal fun Buffer.endAt(end: Int) {
    limit(end)
}

internal fun Buffer.beginAt(start: Int) {
    position(start)
}

internal fun Buffer.turnToReading() {
    flip()
}
