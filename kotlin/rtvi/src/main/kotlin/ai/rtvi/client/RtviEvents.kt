package ai.rtvi.client

import ai.rtvi.ffi.eventData

/**
 * The event's data as JSON, in the form that all Pipecat SDKs share; `null` if it has none. A
 * server message keeps its wire form. Each read builds a new value. Also `null` for an event
 * that the app made from JSON nested more than 127 deep, or from a number outside the range of
 * `Double`.
 */
public val RtviEvent.json: Value? get() = orNull("an event has no JSON") { eventData(this) }
