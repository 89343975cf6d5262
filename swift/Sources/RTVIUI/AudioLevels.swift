import Observation
import RTVI

/// How loud the user and the bot are now, for a meter such as ``LevelView``. An object of its own, so
/// that only the meter is drawn again many times a second.
@MainActor
public final class AudioLevels {
    /// Both levels.
    private struct Levels: Equatable {
        var user: Float = 0
        var bot: Float = 0
    }

    private let observers = Observers()
    private var levels = Levels()

    /// Creates levels of silence.
    public init() {}

    /// The user's microphone, 0 to 1.
    public var user: Float { now.user }

    /// The bot's voice, 0 to 1.
    public var bot: Float { now.bot }

    private var now: Levels {
        observers.read()
        return levels
    }

    /// Follows the next event of a client.
    public func apply(_ event: PipecatEvent) {
        switch event {
        case .localAudioLevel(let level): set(Levels(user: level, bot: levels.bot))
        case .remoteAudioLevel(let level): set(Levels(user: levels.user, bot: level))
        case .disconnected: set(Levels())
        default: break
        }
    }

    private func set(_ next: Levels) {
        guard next != levels else { return }
        observers.willChange()
        levels = next
    }
}

@available(iOS 17, macOS 14, *)
extension AudioLevels: Observable {}

#if canImport(Combine)
import Combine

extension AudioLevels: ObservableObject {
    /// Sends before every change.
    public nonisolated var objectWillChange: ObservableObjectPublisher { observers.publisher }
}
#endif
