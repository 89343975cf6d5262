package ai.rtvi.client

import ai.rtvi.ffi.eventData

/**
 * Its data as JSON, as the other Pipecat SDKs have it; of a server's message in wire form. `null` where it has none. Made anew by every
 * call.
 */
public val RtviEvent.json: Value? get() = eventData(this)
