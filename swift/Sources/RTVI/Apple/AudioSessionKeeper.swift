#if canImport(AVFoundation) && (os(iOS) || os(macOS))
import AVFoundation

/// A client's share of an iOS app's audio session, according to its ``AudioSessionPolicy``, and the
/// system's notifications that concern its devices. macOS has no session; only the notifications
/// apply there.
final class AudioSessionKeeper: @unchecked Sendable {
    /// A change that concerns the devices.
    enum Change {
        /// The devices must be reopened, whatever their state.
        case lost
        /// Devices that failed to open are worth another try.
        case retry
        /// The app's session is no longer active.
        case inactive
    }

    /// Called on any thread.
    var onChange: (@Sendable (Change) -> Void)?

    private let policy: AudioSessionPolicy
    private let client = UUID()
    private var observers: [any NSObjectProtocol] = []

    init(policy: AudioSessionPolicy) {
        self.policy = policy
        #if os(iOS)
        if policy == .manual {
            observe(SharedAudioSession.isActiveChanged) { _ in SharedAudioSession.shared.isActiveByApp ? .lost : .inactive }
        } else {
            observe(AVAudioSession.interruptionNotification) { note in
                let raw = note.userInfo?[AVAudioSessionInterruptionTypeKey] as? UInt
                return raw.flatMap(AVAudioSession.InterruptionType.init(rawValue:)) == .ended ? .lost : nil
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
        #if os(iOS)
        guard policy != .manual else { return SharedAudioSession.shared.isActiveByApp }
        let claim = SharedAudioSession.Claim(microphone: microphone, earpiece: policy == .managedWithEarpiece)
        try SharedAudioSession.shared.take(claim, for: client)
        #endif
        return true
    }

    /// The devices are closed and no longer needed.
    func release() {
        #if os(iOS)
        do {
            try SharedAudioSession.shared.release(for: client)
        } catch {
            DeviceAudio.log.warning("the audio session could not be deactivated: \(error.localizedDescription, privacy: .public)")
        }
        #endif
    }

    private func observe(_ name: Notification.Name, meaning: @escaping @Sendable (Notification) -> Change?) {
        let observer = NotificationCenter.default.addObserver(forName: name, object: nil, queue: nil) { [weak self] note in
            if let change = meaning(note) { self?.onChange?(change) }
        }
        observers.append(observer)
    }
}
#endif
