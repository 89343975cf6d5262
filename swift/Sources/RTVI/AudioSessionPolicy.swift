/// Who looks after the audio session of an iOS app while the client uses its devices. Elsewhere there is no such session.
public enum AudioSessionPolicy: Sendable {
    /// The client: it sets category and mode for a call, activates the session while microphone or speaker are wanted, goes on after
    /// interruptions such as phone calls, and follows routes.
    case managed
    /// The app, for CallKit or routes of its own. The client never touches the session.
    case manual
}
