#if canImport(AVFoundation) && canImport(UIKit)
import AVFoundation

/// The app's audio session, which all clients share: active while one of them needs it.
///
/// Usable from any thread; a call may take as long as the system needs to switch the session.
final class SharedAudioSession: @unchecked Sendable {
    static let shared = SharedAudioSession()
    /// Posted when the app has reported that its own session became active or inactive.
    static let isActiveChanged = Notification.Name("ai.rtvi.audio-session-is-active")

    private let lock = NSLock()
    private var claims: [UUID: SessionPlan.Claim] = [:]
    private var isActive = false

    /// Whether the app has reported that the session it manages itself is active.
    var isActiveByApp: Bool {
        lock.lock()
        defer { lock.unlock() }
        return isActive
    }

    func setActiveByApp(_ active: Bool) {
        lock.lock()
        isActive = active
        lock.unlock()
        NotificationCenter.default.post(name: Self.isActiveChanged, object: nil)
    }

    /// Activates the session for the needs of this client and the others.
    func take(_ claim: SessionPlan.Claim, for client: UUID) throws {
        lock.lock()
        defer { lock.unlock() }
        claims[client] = claim
        try setCategory()
        try AVAudioSession.sharedInstance().setActive(true)
    }

    /// Deactivates the session when no client needs it any more, so that others, such as music, may
    /// continue.
    ///
    /// Call it once the client's engine has stopped: the system takes the session away from whoever
    /// still plays.
    func release(for client: UUID) throws {
        lock.lock()
        defer { lock.unlock() }
        guard claims.removeValue(forKey: client) != nil, claims.isEmpty else { return }
        try AVAudioSession.sharedInstance().setActive(false, options: .notifyOthersOnDeactivation)
    }

    /// Only if something changes: setting a category undoes the app's choice between speaker and
    /// earpiece.
    private func setCategory() throws {
        let (session, plan) = (AVAudioSession.sharedInstance(), SessionPlan(claims.values))
        guard plan.isCall else {
            guard session.category != .playback else { return }
            return try session.setCategory(.playback, mode: .default, options: [])
        }
        var options: AVAudioSession.CategoryOptions = [.allowBluetooth, .allowBluetoothA2DP]
        if plan.usesLoudspeaker { options.insert(.defaultToSpeaker) }
        guard session.category != .playAndRecord || session.mode != .voiceChat || session.categoryOptions != options else { return }
        try session.setCategory(.playAndRecord, mode: .voiceChat, options: options)
        // A wish: the voice arrives in pieces of 10 ms where the hardware can.
        try? session.setPreferredIOBufferDuration(0.01)
    }
}
#endif
