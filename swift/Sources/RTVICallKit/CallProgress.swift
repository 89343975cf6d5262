/// The state of a call, as the system's call screen and the client see it. Decides what follows from what
/// happens.
struct CallProgress: Equatable {
    /// What happens.
    enum Input {
        /// The system allows the call to begin.
        case allowed
        /// The client is connected, or could not connect.
        case connected, failed
        /// The user has ended the call, muted it, or put it on hold, on the call screen or in the app.
        case ended, muted(Bool), held(Bool)
        /// The session is over by itself.
        case disconnected
    }

    /// What is to be done.
    enum Action: Equatable {
        case connect
        case disconnect
        case enableMic(Bool)
        case reportConnected
        /// The call is over without the user's doing, because it failed or because the bot has left.
        case reportEnd(failed: Bool)
    }

    private enum Phase { case idle, connecting, talking, over }

    /// Whether the app had the microphone on when the call began. What the call turns off is for its time.
    private let usesMic: Bool
    private var phase = Phase.idle
    private var isMuted = false
    private var isHeld = false
    /// Whether the session was over before the app knew that it had begun.
    private var hasEnded = false

    init(usesMic: Bool) {
        self.usesMic = usesMic
    }

    /// Whether the call has begun and is not over.
    var isActive: Bool { phase == .connecting || phase == .talking }
    /// Whether the call has not begun yet.
    var isNew: Bool { phase == .idle }

    mutating func handle(_ input: Input) -> [Action] {
        switch input {
        case .allowed: return begin()
        case .connected: return talk()
        case .failed: return phase == .connecting ? finish([.reportEnd(failed: true)]) : []
        case .ended: return isActive ? finish([.disconnect]) : []
        case .muted(let muted): return setMicrophone { $0.isMuted = muted }
        case .held(let held): return setMicrophone { $0.isHeld = held }
        case .disconnected: return leave()
        }
    }

    private mutating func begin() -> [Action] {
        guard phase == .idle else { return [] }
        phase = .connecting
        return [.connect]
    }

    private mutating func talk() -> [Action] {
        guard phase == .connecting else { return [] }
        phase = .talking
        return [.reportConnected] + (hasEnded ? leave() : [])
    }

    private mutating func leave() -> [Action] {
        hasEnded = phase == .connecting
        return phase == .talking ? finish([.reportEnd(failed: false)]) : []
    }

    private mutating func finish(_ actions: [Action]) -> [Action] {
        phase = .over
        return actions + (usesMic && isQuiet ? [.enableMic(true)] : [])
    }

    private var isQuiet: Bool { isMuted || isHeld }

    /// The microphone is on while the call is neither muted nor on hold.
    private mutating func setMicrophone(_ change: (inout Self) -> Void) -> [Action] {
        let before = isQuiet
        change(&self)
        return isActive && usesMic && before != isQuiet ? [.enableMic(!isQuiet)] : []
    }
}
