import Foundation
import RTVITypes

/// Controls for the user's and the bot's voice. All of them work in every state.
extension PipecatClient {
    /// Selects the processing stages of the microphone's audio. Stages that stay on keep what they
    /// have learned. Throws `unsupportedFeature` for anything except ``AudioProcessing/off`` if the
    /// core was built without processing.
    public func updateAudioProcessing(_ stages: AudioProcessing) async throws {
        let stages = stages.asValue
        try await call { try await $0.updateAudioProcessing(stages: stages, cancellation: $1) }
    }

    /// The state of the processing as of the last level report; `nil` once the client is closed.
    public nonisolated var processingStats: ProcessingStats? { info?.processingStats }

    /// Presses the push-to-talk button. The client sends what the user says, starting shortly
    /// before the press. Does nothing unless the option ``VoiceOptions/pushToTalk`` is set. A
    /// disabled microphone stays silent.
    public func pressToTalk() async throws {
        try await call { try await $0.pressToTalk(cancellation: $1) }
    }

    /// Releases the push-to-talk button. The client then sends silence for a few seconds, so that
    /// the bot detects the end of the turn.
    public func releaseToTalk() async throws {
        try await call { try await $0.releaseToTalk(cancellation: $1) }
    }

    /// Changes the bot's volume without a click: multiplies its samples by `gain`, 0 to 4, and
    /// limits them.
    public nonisolated func setBotGain(_ gain: Float) throws {
        try translated { try core.setBotGain(gain: gain) }
    }

    /// Drops bot audio that has not been played yet, with a short fade.
    public func flushBotAudio() async throws {
        try await call { try await $0.flushBotAudio(cancellation: $1) }
    }

    /// Drops bot audio that has not been played yet, fading out within `fade` seconds, at most 0.1.
    public func fadeOutBotAudio(fade: TimeInterval) async throws {
        try await call { try await $0.fadeOutBotAudio(fadeMs: milliseconds(fade), cancellation: $1) }
    }

    /// Starts recording the conversation to a stereo WAV file of 24 kHz. The left channel is the
    /// user as sent, the right the bot as played, aligned in time. Time without a session is not
    /// recorded. A running recording is completed first. Throws `invalidArgument` when the file
    /// can't be created.
    public func startRecording(to file: URL) async throws {
        try await call { try await $0.startRecording(path: file.path, cancellation: $1) }
    }

    /// Completes the recording and returns its length in seconds; 0 if there was none. Throws
    /// `device` when the file could not be written.
    @discardableResult
    public func stopRecording() async throws -> TimeInterval {
        try await call { try await $0.stopRecording(cancellation: $1) }
    }
}
