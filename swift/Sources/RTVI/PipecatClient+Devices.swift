import RTVITypes

extension PipecatClient {
    /// Turns the microphone on or off, in any state.
    public func enableMic(enable: Bool) async throws {
        try await call { try await $0.enableMic(enable: enable, cancellation: $1) }
    }

    /// Whether the microphone is on, or will be when the next session begins.
    public nonisolated var isMicEnabled: Bool { core.isMicEnabled() }

    /// Turns the camera on or off. Turning it on throws `unsupportedFeature`.
    public nonisolated func enableCam(enable: Bool) throws {
        try translated { try core.enableCam(enable: enable) }
    }

    /// Whether the camera is on.
    public nonisolated var isCamEnabled: Bool { core.isCamEnabled() }

    /// Starts or stops sharing the screen. Starting throws `unsupportedFeature`.
    public nonisolated func enableScreenShare(enable: Bool) throws {
        try translated { try core.enableScreenShare(enable: enable) }
    }

    /// Whether the screen is shared.
    public nonisolated var isSharingScreen: Bool { core.isSharingScreen() }

    /// What the client knows now of its bot, its devices and its audio; `nil` once it is closed.
    public nonisolated var info: ClientInfo? { try? core.info() }

    /// The state of the devices; `nil` once the client is closed.
    public nonisolated var mediaState: MediaState? { info?.mediaState }

    /// The audio tracks that are active now.
    public nonisolated var tracks: [Track] { info?.tracks ?? [] }

    /// The available microphones.
    public nonisolated func getAllMics() -> [MediaDevice] { info?.mics ?? [] }

    /// The available speakers.
    public nonisolated func getAllSpeakers() -> [MediaDevice] { info?.speakers ?? [] }

    /// The available cameras.
    public nonisolated func getAllCams() -> [MediaDevice] { info?.cams ?? [] }

    /// The microphone in use.
    public nonisolated var selectedMic: MediaDevice? { info?.selectedMic }

    /// The speaker in use.
    public nonisolated var selectedSpeaker: MediaDevice? { info?.selectedSpeaker }

    /// The camera in use.
    public nonisolated var selectedCam: MediaDevice? { info?.selectedCam }

    /// Selects the microphone with this identifier.
    public nonisolated func updateMic(micId: String) throws {
        try translated { try core.updateMic(deviceId: micId) }
    }

    /// Selects the speaker with this identifier.
    public nonisolated func updateSpeaker(speakerId: String) throws {
        try translated { try core.updateSpeaker(deviceId: speakerId) }
    }

    /// Selects the camera with this identifier.
    public nonisolated func updateCam(camId: String) throws {
        try translated { try core.updateCam(deviceId: camId) }
    }
}
