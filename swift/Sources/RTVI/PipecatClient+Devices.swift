import RTVITypes

extension PipecatClient {
    /// Turns the microphone on or off, in any state.
    public func enableMic(enable: Bool) async throws {
        try await call { try await $0.enableMic(enable: enable, cancellation: $1) }
    }

    /// Whether the microphone is on, or will be when the next session begins.
    public nonisolated var isMicEnabled: Bool { core.isMicEnabled() }

    /// Turns the camera on or off, in any state. It is open only while it is on and the bot is
    /// ready. `onTrackStarted` reports its first picture, `onDeviceError` why there is none. Turning
    /// it on throws `unsupportedFeature` without a camera in the options, or if the bot reports that
    /// it takes no video.
    public nonisolated func enableCam(enable: Bool) throws {
        try translated { try core.enableCam(enable: enable) }
    }

    /// Whether the camera is on, or will be when the next session begins.
    public nonisolated var isCamEnabled: Bool { core.isCamEnabled() }

    /// Starts or stops sharing the screen, in any state, as ``enableCam(enable:)`` does for the
    /// camera. `onScreenTrackStarted` reports the first picture, `onScreenShareError` why there is
    /// none.
    public nonisolated func enableScreenShare(enable: Bool) throws {
        try translated { try core.enableScreenShare(enable: enable) }
    }

    /// Whether pictures of the screen flow to the bot.
    public nonisolated var isSharingScreen: Bool { core.isSharingScreen() }

    /// What the client knows now of its bot, its devices and its audio; `nil` once it is closed.
    public nonisolated var info: ClientInfo? { try? core.info() }

    /// The state of the devices; `nil` once the client is closed.
    public nonisolated var mediaState: MediaState? { info?.mediaState }

    /// The tracks that are active now.
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
