#if canImport(AVFoundation) && (os(iOS) || os(macOS))
import AVFoundation

/// The audio session of an iOS app, kept as ``AudioSessionPolicy`` says. On macOS there is none, and this does nothing.
final class AudioSessionKeeper: @unchecked Sendable {
    /// Called on any thread when the engine must be made anew: after an interruption, or with another route.
    var onChange: (@Sendable () -> Void)?

    private let policy: AudioSessionPolicy
    private var observers: [any NSObjectProtocol] = []

    init(policy: AudioSessionPolicy) {
        self.policy = policy
        #if os(iOS)
        observe(AVAudioSession.interruptionNotification) { note in
            let raw = note.userInfo?[AVAudioSessionInterruptionTypeKey] as? UInt
            return raw.flatMap(AVAudioSession.InterruptionType.init) == .ended
        }
        observe(AVAudioSession.mediaServicesWereResetNotification) { _ in true }
        #endif
        // The engine tells it when a device came or went, on both systems.
        observe(.AVAudioEngineConfigurationChange) { _ in true }
    }

    deinit {
        observers.forEach(NotificationCenter.default.removeObserver)
    }

    func activate() throws {
        #if os(iOS)
        guard policy == .managed else { return }
        let session = AVAudioSession.sharedInstance()
        let options: AVAudioSession.CategoryOptions = [.allowBluetooth, .allowBluetoothA2DP, .defaultToSpeaker]
        try session.setCategory(.playAndRecord, mode: .voiceChat, options: options)
        try session.setActive(true)
        #endif
    }

    func deactivate() {
        #if os(iOS)
        guard policy == .managed else { return }
        // Others, such as music, may go on. Fails while another part of the app still plays, which is as it should be.
        try? AVAudioSession.sharedInstance().setActive(false, options: .notifyOthersOnDeactivation)
        #endif
    }

    private func observe(_ name: Notification.Name, when isMeant: @escaping @Sendable (Notification) -> Bool) {
        let observer = NotificationCenter.default.addObserver(forName: name, object: nil, queue: nil) { [weak self] note in
            if isMeant(note) { self?.onChange?() }
        }
        observers.append(observer)
    }
}
#endif
