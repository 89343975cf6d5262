import RTVITypes

/// Who looks after the audio session of an iOS app while the client uses its devices. Elsewhere there is no such session.
public enum AudioSessionPolicy: Sendable {
    /// The client: it sets category and mode, for a call while the microphone is open and for playback before that, activates the session
    /// while a device is wanted, and goes on after interruptions such as phone calls. Without a headset the bot is heard from the speaker.
    case managed
    /// As ``managed``, but while the microphone is open and without a headset, the bot is heard from the earpiece, as in a phone call. For a
    /// button between both: `AVAudioSession.sharedInstance().overrideOutputAudioPort(.speaker)` and `(.none)`.
    case managedWithEarpiece
    /// The app, for CallKit or routes of its own. The client never touches the session, and opens no device before
    /// ``PipecatClient/audioSessionActivated()``.
    case manual
}

extension PipecatClient {
    /// Says that the app's audio session has become active, for clients with ``AudioSessionPolicy/manual``: devices that are wanted are opened,
    /// anew if they were open. May come before there is a client.
    ///
    /// With CallKit: set category and mode when the call begins, never activate the session, and call this in `provider(_:didActivate:)`,
    /// which also comes after a hold. Without CallKit: call it each time the session has been activated, so after an interruption too.
    public nonisolated static func audioSessionActivated() {
        DeviceAudio.sessionIsActive(true)
    }

    /// Says that the app's audio session is active no more, for clients with ``AudioSessionPolicy/manual``: their devices are closed until
    /// ``audioSessionActivated()``. The sessions go on in silence. With CallKit: call this in `provider(_:didDeactivate:)`.
    public nonisolated static func audioSessionDeactivated() {
        DeviceAudio.sessionIsActive(false)
    }
}
