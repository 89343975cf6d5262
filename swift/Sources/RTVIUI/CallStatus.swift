import RTVI

/// What a user interface shows of a call, besides what is said. Pure: it follows the client's events.
public struct CallStatus: Sendable, Equatable {
    /// An attempt to restore a lost connection.
    public struct Reconnection: Sendable, Equatable {
        /// The number of the attempt, from 1.
        public var attempt: Int
        /// How many there will be at most.
        public var maxAttempts: Int
        /// Why the connection was lost.
        public var reason: RTVIError

        /// Creates an attempt.
        public init(attempt: Int, maxAttempts: Int, reason: RTVIError) {
            self.attempt = attempt
            self.maxAttempts = maxAttempts
            self.reason = reason
        }
    }

    /// The state of the transport.
    public var state: TransportState
    /// Whether the client is asked to connect now.
    public var isConnecting = false
    /// The attempt to restore the connection that runs now.
    public var reconnection: Reconnection?
    /// Whether the microphone is on, or will be in the next call.
    public var isMicEnabled: Bool
    /// Whether the camera is on, or will be in the next call.
    public var isCamEnabled: Bool
    /// Whether pictures of the screen flow to the bot.
    public var isSharingScreen = false
    /// Whether the bot hears the user speak.
    public var isUserSpeaking = false
    /// Whether the bot speaks.
    public var isBotSpeaking = false
    /// The bot, from when it is ready to the end of the call.
    public var bot: BotReadyData?
    /// The last thing that went wrong. It stays until ``PipecatCall/dismissProblem()`` or the next
    /// call.
    public var problem: RTVIError?

    /// The status before the first event.
    public init(state: TransportState = .disconnected, isMicEnabled: Bool = true, isCamEnabled: Bool = false) {
        self.state = state
        self.isMicEnabled = isMicEnabled
        self.isCamEnabled = isCamEnabled
    }

    /// Whether there is a call, or one begins or ends: offer to hang up instead of to call.
    public var isActive: Bool {
        if isConnecting { return true }
        switch state {
        case .authenticating, .authenticated, .connecting, .connected, .ready, .disconnecting: return true
        case .disconnected, .initializing, .initialized, .error: return false
        }
    }

    /// Follows the next event of the client.
    public mutating func apply(_ event: PipecatEvent) {
        switch event {
        case .transportStateChanged(let next):
            state = next
            if next == .ready { reconnection = nil }
        case .botReady(let data): bot = data
        case .reconnecting(let attempt, let most, let reason):
            reconnection = Reconnection(attempt: Int(attempt), maxAttempts: Int(most), reason: reason)
            (isUserSpeaking, isBotSpeaking) = (false, false)
        case .disconnected(let reason): end(reason)
        case .userStartedSpeaking: isUserSpeaking = true
        case .userStoppedSpeaking: isUserSpeaking = false
        case .botStartedSpeaking: isBotSpeaking = true
        case .botStoppedSpeaking: isBotSpeaking = false
        case .screenTrackStarted(let track) where track.participant.local: isSharingScreen = true
        case .screenTrackStopped(let track) where track.participant.local: isSharingScreen = false
        case .error(let error, _), .deviceError(let error), .screenShareError(let error): problem = error
        default: break
        }
    }

    private mutating func end(_ reason: DisconnectReason) {
        if case .failed(let error) = reason { problem = error }
        reconnection = nil
        bot = nil
        (isUserSpeaking, isBotSpeaking, isSharingScreen) = (false, false, false)
    }
}
