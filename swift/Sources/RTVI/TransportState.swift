/// Where a client stands between disconnected and talking to a bot.
public enum TransportState: String, CaseIterable, Sendable {
    /// No session. The first state and the last.
    case disconnected
    /// Microphone and speaker are being opened.
    case initializing
    /// Microphone and speaker are there; no session yet.
    case initialized
    /// The start endpoint was asked for a bot.
    case authenticating
    /// The start endpoint has answered; the transport is not open yet.
    case authenticated
    /// The transport is being opened, for the first time or again.
    case connecting
    /// The transport is open; the bot is not ready yet.
    case connected
    /// The bot is ready: the only state in which messages can be sent.
    case ready
    /// The session is being closed.
    case disconnecting
    /// Starting or connecting has failed. Passed through on the way to disconnected.
    case error

    /// Its name for people, in English, such as `Connected`.
    public var description: String { rawValue.prefix(1).uppercased() + rawValue.dropFirst() }
}
