import RTVITypes

/// Receives a client's events, with the names of the Pipecat iOS SDK: one method for each event.
///
/// The client calls it on the main actor, in order. Every method has an empty default: implement
/// those that you need. A client holds its delegate weakly; you may release the client in any of
/// these methods.
@MainActor
public protocol PipecatClientDelegate: PipecatEventDelegate {
    /// The session ended. Not called if ``PipecatEventDelegate/onDisconnected(reason:)`` is
    /// implemented, which includes the reason.
    func onDisconnected()
}

extension PipecatClientDelegate {
    public func onDisconnected() {}
    public func onDisconnected(reason: DisconnectReason) { onDisconnected() }
}
