import RTVITypes

/// Who manages the audio session of an iOS app while the client uses its devices. Other systems
/// have no such session.
public enum AudioSessionPolicy: Sendable {
    /// The client manages it. It sets category and mode: for playback at first, and for a call from
    /// when the microphone was first opened until both devices close. It activates the session while it needs a device, and
    /// continues after interruptions such as phone calls. Without a headset, the bot plays on the
    /// speaker.
    case managed
    /// Like ``managed``, but during a call without a headset, the bot plays on the earpiece, as in a
    /// phone call. To offer a button that switches between both, use
    /// `AVAudioSession.sharedInstance().overrideOutputAudioPort(.speaker)` and `(.none)`.
    case managedWithEarpiece
    /// The app manages it, for CallKit or its own routes. The client never touches the session, and
    /// opens no device before ``PipecatClient/audioSessionActivated()``.
    case manual
}

extension PipecatClient {
    /// Reports that the app's audio session became active, for clients with
    /// ``AudioSessionPolicy/manual``. The clients open the devices they need, and reopen those that
    /// were open. You may call this before any client exists.
    ///
    /// With CallKit: set category and mode when the call begins, never activate the session, and
    /// call this in `provider(_:didActivate:)`, which also follows a hold. Without CallKit: call it
    /// each time you have activated the session, including after an interruption.
    public nonisolated static func audioSessionActivated() {
        DeviceAudio.sessionIsActive(true)
    }

    /// Reports that the app's audio session is no longer active, for clients with
    /// ``AudioSessionPolicy/manual``. They close their devices until ``audioSessionActivated()``;
    /// their sessions continue in silence. With CallKit: call this in `provider(_:didDeactivate:)`.
    public nonisolated static func audioSessionDeactivated() {
        DeviceAudio.sessionIsActive(false)
    }
}
