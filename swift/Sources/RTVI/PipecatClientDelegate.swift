import RTVITypes

/// What a client tells its app, with the names of the Pipecat iOS SDK: one method for each event.
///
/// Called on the main actor, in order. Every method has an empty default: implement those that matter. A client holds its delegate weakly
/// and may be released in any of these methods.
@MainActor
public protocol PipecatClientDelegate: PipecatEventDelegate {
    /// The session is over. Called unless ``PipecatEventDelegate/onDisconnected(reason:)``, which says why, is implemented.
    func onDisconnected()
}

extension PipecatClientDelegate {
    public func onDisconnected() {}
    public func onDisconnected(reason: DisconnectReason) { onDisconnected() }
}
