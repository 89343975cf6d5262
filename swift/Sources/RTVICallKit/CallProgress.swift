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

    private var phase = Phase.idle
    private var isMuted = false
    private var isHeld = false

    /// Whether the call has begun and is not over.
    var isActive: Bool { phase == .connecting || phase == .talking }

    mutating func handle(_ input: Input) -> [Action] {
        switch input {
        case .allowed: return begin()
        case .connected: return advance(from: .connecting, to: .talking, [.reportConnected])
        case .failed: return advance(from: .connecting, to: .over, [.reportEnd(failed: true)])
        case .ended: return end()
        case .muted(let muted): return setMicrophone { $0.isMuted = muted }
        case .held(let held): return setMicrophone { $0.isHeld = held }
        case .disconnected: return advance(from: .talking, to: .over, [.reportEnd(failed: false)])
        }
    }

    private mutating func begin() -> [Action] {
        guard phase == .idle else { return [] }
        phase = .connecting
        return [.connect]
    }

    private mutating func end() -> [Action] {
        guard isActive else { return [] }
        phase = .over
        return [.disconnect]
    }

    private mutating func advance(from: Phase, to: Phase, _ actions: [Action]) -> [Action] {
        guard phase == from else { return [] }
        phase = to
        return actions
    }

    /// The microphone is on while the call is neither muted nor on hold.
    private mutating func setMicrophone(_ change: (inout Self) -> Void) -> [Action] {
        let before = isMuted || isHeld
        change(&self)
        let now = isMuted || isHeld
        return isActive && before != now ? [.enableMic(!now)] : []
    }
}
