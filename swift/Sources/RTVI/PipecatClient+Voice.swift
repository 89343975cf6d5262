import Foundation
import RTVITypes

/// What an app does with the user's and the bot's voice. All of it works in every state.
extension PipecatClient {
    /// Switches what the microphone's audio is cleaned of; what stays on keeps what it has learned. Throws `unsupportedFeature` for anything
    /// but ``AudioProcessing/off`` where the core was built without it.
    public func updateAudioProcessing(_ stages: AudioProcessing) async throws {
        let stages = stages.asValue
        try await call { try await $0.updateAudioProcessing(stages: stages, cancellation: $1) }
    }

    /// How the cleaning does, as of the last report of levels; nothing once the client is closed.
    public nonisolated var processingStats: ProcessingStats? {
        try? core.processingStats()
    }

    /// Presses the button of push-to-talk: what the user says from just before now on is sent. Does nothing unless the option
    /// ``VoiceOptions/pushToTalk`` is set. A disabled microphone stays silent.
    public func pressToTalk() async throws {
        try await call { try await $0.pressToTalk(cancellation: $1) }
    }

    /// Releases the button of push-to-talk. Silence is sent for a few seconds, so that the bot notices the end of the turn.
    public func releaseToTalk() async throws {
        try await call { try await $0.releaseToTalk(cancellation: $1) }
    }

    /// Makes the bot louder or quieter from now on, without a click: its samples are multiplied by `gain`, 0 to 4, and limited.
    public nonisolated func setBotGain(_ gain: Float) throws {
        try translated { try core.setBotGain(gain: gain) }
    }

    /// Drops what the bot has said and was not played yet, with a short fade.
    public func flushBotAudio() async throws {
        try await call { try await $0.flushBotAudio(cancellation: $1) }
    }

    /// Drops what the bot has said and was not played yet, fading out within `fade` seconds, at most 0.1.
    public func fadeOutBotAudio(fade: TimeInterval) async throws {
        try await call { try await $0.fadeOutBotAudio(fadeMs: milliseconds(fade), cancellation: $1) }
    }

    /// Records the conversation from now on in a stereo WAV file of 24 kHz: left the user as sent, right the bot as played, aligned in time.
    /// Time without a session is not recorded. A present recording is completed first. Throws `invalidArgument` when the file can't be made.
    public func startRecording(to file: URL) async throws {
        try await call { try await $0.startRecording(path: file.path, cancellation: $1) }
    }

    /// Completes the recording and says how long it is in seconds; 0 if there was none. Throws `device` when it could not be written.
    @discardableResult
    public func stopRecording() async throws -> TimeInterval {
        try await call { try await $0.stopRecording(cancellation: $1) }
    }
}
