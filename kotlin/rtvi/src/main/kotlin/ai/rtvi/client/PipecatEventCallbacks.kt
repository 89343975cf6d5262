package ai.rtvi.client

/**
 * What a client tells its app, with the names of Pipecat's Android SDK: override what you need.
 *
 * Called one at a time, in order, on [PipecatClientOptions.callbackDispatcher]. While one runs, the next waits; one that takes ten
 * seconds ends the session. What one throws goes to [PipecatClientOptions.onCallbackException] and changes nothing else. Any call of
 * the client may be made in one, [PipecatClient.close] too.
 */
public open class PipecatEventCallbacks : EventCallbacks() {
    /** The session is over. */
    public open fun onDisconnected() {}

    /** An error of the bot or the session, as text. */
    public open fun onBackendError(message: String) {}

    /** The session is over, and why. Without an override, [onDisconnected] without arguments is called. */
    override fun onDisconnected(reason: DisconnectReason): Unit = onDisconnected()

    /** Something failed that no call can report. Without an override, [onBackendError] gets the message. */
    override fun onError(error: RtviError, fatal: Boolean): Unit = onBackendError(error.message)
}
