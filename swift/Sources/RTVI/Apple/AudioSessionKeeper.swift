#if canImport(AVFoundation)
import AVFoundation

/// A client's share of an iOS app's audio session, according to its ``AudioSessionPolicy``, and the
/// system's notifications that concern its devices. macOS has no session; only the notifications
/// apply there.
final class AudioSessionKeeper: @unchecked Sendable {
    /// Called on any thread.
    var onChange: (@Sendable (SessionChange) -> Void)?

    private let policy: AudioSessionPolicy
    private let client = UUID()
    private var observers: [any NSObjectProtocol] = []

    init(policy: AudioSessionPolicy) {
        self.policy = policy
        #if canImport(UIKit)
        if policy == .manual {
            observe(SharedAudioSession.isActiveChanged) { _ in SharedAudioSession.shared.isActiveByApp ? .lost : .inactive }
        } else {
            observe(AVAudioSession.interruptionNotification) { note in
                let number = { note.userInfo?[$0] as? UInt }
                return SessionChange(
                    interruption: number(AVAudioSessionInterruptionTypeKey), options: number(AVAudioSessionInterruptionOptionKey))
            }
        }
        observe(AVAudioSession.mediaServicesWereResetNotification) { _ in .lost }
        // By its text, which equals UIKit's constant: the constant is main-actor-isolated in some
        // versions of UIKit.
        observe(Notification.Name("UIApplicationDidBecomeActiveNotification")) { _ in .retry }
        #else
        observe(Notification.Name("NSApplicationDidBecomeActiveNotification")) { _ in .retry }
        #endif
    }

    deinit {
        observers.forEach { NotificationCenter.default.removeObserver($0) }
    }

    /// Prepares the session for these devices and returns whether they may be opened now.
    func take(microphone: Bool) throws -> Bool {
        #if canImport(UIKit)
        guard policy != .manual else { return SharedAudioSession.shared.isActiveByApp }
        let claim = SessionPlan.Claim(microphone: microphone, earpiece: policy == .managedWithEarpiece)
        try SharedAudioSession.shared.take(claim, for: client)
        #endif
        return true
    }

    /// The devices are closed and no longer needed.
    func release() {
        #if canImport(UIKit)
        do {
            try SharedAudioSession.shared.release(for: client)
        } catch {
            DeviceAudio.log.warning("the audio session could not be deactivated: \(error.localizedDescription, privacy: .public)")
        }
        #endif
    }

    private func observe(_ name: Notification.Name, meaning: @escaping @Sendable (Notification) -> SessionChange?) {
        let observer = NotificationCenter.default.addObserver(forName: name, object: nil, queue: nil) { [weak self] note in
            if let change = meaning(note) { self?.onChange?(change) }
        }
        observers.append(observer)
    }
}
#endif
