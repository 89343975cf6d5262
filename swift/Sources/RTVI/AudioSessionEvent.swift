/// What has happened to the devices of an iOS or macOS app while a client uses them.
public enum AudioSessionEvent: Sendable, Equatable {
    /// Something more important has the devices, such as a phone call. The session continues in
    /// silence.
    case interrupted
    /// The devices work again, after an interruption or a failure.
    case resumed
    /// The devices could not be opened, even after several attempts. The client tries again when the
    /// app becomes active, and after an interruption.
    case failed(RTVIError)
}
