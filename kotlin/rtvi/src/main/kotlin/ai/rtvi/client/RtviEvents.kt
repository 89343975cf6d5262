package ai.rtvi.client

import ai.rtvi.ffi.eventData

/**
 * The event's data as JSON, in the form that all Pipecat SDKs share; `null` if it has none. A
 * server message keeps its wire form. Each read builds a new value.
 */
public val RtviEvent.json: Value? get() = eventData(this)
