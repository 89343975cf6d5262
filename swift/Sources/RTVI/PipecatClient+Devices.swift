import RTVITypes

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

    /// What the devices are doing; nothing once the client is closed.
    public nonisolated var mediaState: MediaState? {
        try? core.mediaState()
    }

    /// The audio that flows now.
    public nonisolated var tracks: [Track] {
        (try? core.tracks()) ?? []
    }

    /// The microphones to choose from.
    public nonisolated func getAllMics() -> [MediaDevice] { (try? core.allMics()) ?? [] }

    /// The speakers to choose from.
    public nonisolated func getAllSpeakers() -> [MediaDevice] { (try? core.allSpeakers()) ?? [] }

    /// The cameras to choose from.
    public nonisolated func getAllCams() -> [MediaDevice] { (try? core.allCams()) ?? [] }

    /// The microphone in use.
    public nonisolated var selectedMic: MediaDevice? { try? core.selectedMic() }

    /// The speaker in use.
    public nonisolated var selectedSpeaker: MediaDevice? {
        try? core.selectedSpeaker()
    }

    /// The camera in use.
    public nonisolated var selectedCam: MediaDevice? { try? core.selectedCam() }

    /// Uses the microphone with this identifier.
    public nonisolated func updateMic(micId: String) throws {
        try translated { try core.updateMic(deviceId: micId) }
    }

    /// Uses the speaker with this identifier.
    public nonisolated func updateSpeaker(speakerId: String) throws {
        try translated { try core.updateSpeaker(deviceId: speakerId) }
    }

    /// Uses the camera with this identifier.
    public nonisolated func updateCam(camId: String) throws {
        try translated { try core.updateCam(deviceId: camId) }
    }
}
