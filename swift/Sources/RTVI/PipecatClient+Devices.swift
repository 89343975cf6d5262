import RTVIBindings

extension PipecatClient {
    /// Turns the microphone on or off, in any state.
    public func enableMic(enable: Bool) async throws {
        try await call { try await $0.enableMic(enable: enable, cancellation: $1) }
    }

    /// Whether the microphone is on, or will be when a session begins.
    public nonisolated var isMicEnabled: Bool { core.isMicEnabled() }

    /// Turns the camera on or off: on throws `unsupportedFeature`.
    public nonisolated func enableCam(enable: Bool) throws {
        try translated { try core.enableCam(enable: enable) }
    }

    /// Whether the camera is on.
    public nonisolated var isCamEnabled: Bool { core.isCamEnabled() }

    /// Shares the screen or stops to: sharing throws `unsupportedFeature`.
    public nonisolated func enableScreenShare(enable: Bool) throws {
        try translated { try core.enableScreenShare(enable: enable) }
    }

    /// Whether the screen is shared.
    public nonisolated var isSharingScreen: Bool { core.isSharingScreen() }

    /// Drops what the bot has said and was not played yet, with a short fade.
    public func flushBotAudio() async throws {
        try await call { try await $0.flushBotAudio(cancellation: $1) }
    }

    /// What the devices are doing; nothing once the client is closed.
    public nonisolated var mediaState: MediaState? {
        value(try? core.mediaStateJson()).map(MediaState.init)
    }

    /// The audio that flows now.
    public nonisolated var tracks: [MediaStreamTrack] {
        (value(try? core.tracksJson())?.array ?? []).map(MediaStreamTrack.init)
    }

    /// The microphones to choose from.
    public nonisolated func getAllMics() -> [MediaDeviceInfo] { list(try? core.allMicsJson()) }

    /// The speakers to choose from.
    public nonisolated func getAllSpeakers() -> [MediaDeviceInfo] { list(try? core.allSpeakersJson()) }

    /// The cameras to choose from.
    public nonisolated func getAllCams() -> [MediaDeviceInfo] { list(try? core.allCamsJson()) }

    /// The microphone in use.
    public nonisolated var selectedMic: MediaDeviceInfo? { value(try? core.selectedMicJson()).map(MediaDeviceInfo.init) }

    /// The speaker in use.
    public nonisolated var selectedSpeaker: MediaDeviceInfo? {
        value(try? core.selectedSpeakerJson()).map(MediaDeviceInfo.init)
    }

    /// The camera in use.
    public nonisolated var selectedCam: MediaDeviceInfo? { value(try? core.selectedCamJson()).map(MediaDeviceInfo.init) }

    /// Uses the microphone with this identifier.
    public nonisolated func updateMic(micId: MediaDeviceId) throws {
        try translated { try core.updateMic(deviceId: micId) }
    }

    /// Uses the speaker with this identifier.
    public nonisolated func updateSpeaker(speakerId: MediaDeviceId) throws {
        try translated { try core.updateSpeaker(deviceId: speakerId) }
    }

    /// Uses the camera with this identifier.
    public nonisolated func updateCam(camId: MediaDeviceId) throws {
        try translated { try core.updateCam(deviceId: camId) }
    }

    private nonisolated func value(_ json: String?) -> Value? {
        json.flatMap { try? Value(json: $0) }
    }

    private nonisolated func list(_ json: String?) -> [MediaDeviceInfo] {
        (value(json)?.array ?? []).map(MediaDeviceInfo.init)
    }
}
