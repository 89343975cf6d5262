#if canImport(AVFoundation) && (os(iOS) || os(macOS))
import AVFoundation

/// A client's part in the audio session of an iOS app, as its ``AudioSessionPolicy`` says, and what the system says that concerns its
/// devices. On macOS there is no session, and only the latter is left.
final class AudioSessionKeeper: @unchecked Sendable {
    /// What happened, as far as it concerns the devices.
    enum Change {
        /// The devices must be opened anew, whatever they do.
        case lost
        /// Another try makes sense for what could not be opened.
        case retry
        /// The app's session is active no more.
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
        // By its text, which is that of UIKit's constant: the constant is of the main actor in some versions of UIKit.
        observe(Notification.Name("UIApplicationDidBecomeActiveNotification")) { _ in .retry }
        #else
        observe(Notification.Name("NSApplicationDidBecomeActiveNotification")) { _ in .retry }
        #endif
    }

    deinit {
        observers.forEach { NotificationCenter.default.removeObserver($0) }
    }

    /// Makes the session ready for these devices; says whether they may be opened now.
    func take(microphone: Bool) throws -> Bool {
        #if os(iOS)
        guard policy != .manual else { return SharedAudioSession.shared.isActiveByApp }
        let claim = SharedAudioSession.Claim(microphone: microphone, earpiece: policy == .managedWithEarpiece)
        try SharedAudioSession.shared.take(claim, for: client)
        #endif
        return true
    }

    /// The devices are closed, and not wanted any more.
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
