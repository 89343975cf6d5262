package ai.rtvi.client

/**
 * Receives a client's events, with the names of Pipecat's Android SDK: override what you need.
 *
 * The client calls it one event at a time, in order, on [PipecatClientOptions.callbackDispatcher].
 * While one callback runs, the next waits; a callback that takes ten seconds ends the session.
 * Exceptions go to [PipecatClientOptions.onCallbackException] and change nothing else. A callback
 * may make any call of the client, including [PipecatClient.close].
 */
public open class PipecatEventCallbacks : EventCallbacks() {
    /** The session ended. */
    public open fun onDisconnected() {}

    /** An error of the bot or the session, as text. */
    public open fun onBackendError(message: String) {}

    /** The session ended, with the reason. By default calls [onDisconnected] without arguments. */
    override fun onDisconnected(reason: DisconnectReason): Unit = onDisconnected()

    /**
     * Something failed that no call can report. By default passes the message to [onBackendError].
     */
    override fun onError(error: RtviError, fatal: Boolean): Unit = onBackendError(error.message)
}
