import Foundation
import RTVITypes

/// What the microphone's audio is cleaned of before it is sent.
public struct AudioProcessing: Codable, Sendable, Equatable {
    /// Of what the microphone hears of the bot.
    public var echoCancellation: Bool
    /// Of steady noise.
    public var noiseSuppression: Bool
    /// Brings speech to the usual loudness.
    public var gainControl: Bool
    /// Of rumble and hum.
    public var highPass: Bool

    /// Nothing, unless told otherwise.
    public init(
        echoCancellation: Bool = false, noiseSuppression: Bool = false, gainControl: Bool = false, highPass: Bool = false
    ) {
        self.echoCancellation = echoCancellation
        self.noiseSuppression = noiseSuppression
        self.gainControl = gainControl
        self.highPass = highPass
    }

    /// Nothing: for audio that is clean already.
    public static let off = AudioProcessing()
    /// Everything, as for the plain microphone of a machine.
    public static let all = AudioProcessing(
        echoCancellation: true, noiseSuppression: true, gainControl: true, highPass: true)
}

/// Reports when the user speaks, as heard here: ``PipecatClientDelegate/onLocalSpeechStarted()`` and its like. Absent values have the
/// defaults named.
public struct VoiceActivity: Codable, Sendable, Equatable {
    /// From which likelihood on a moment counts as speech, 0 to 1; 0.5.
    public var threshold: Float?
    /// How long there must be speech until it has begun, in milliseconds; 64.
    public var startAfterMs: UInt32?
    /// How long there must be none until it has ended, in milliseconds; 500.
    public var stopAfterMs: UInt32?

    /// Options.
    public init(threshold: Float? = nil, startAfterMs: UInt32? = nil, stopAfterMs: UInt32? = nil) {
        self.threshold = threshold
        self.startAfterMs = startAfterMs
        self.stopAfterMs = stopAfterMs
    }
}

/// Sends the user's voice only while a button is pressed: `pressToTalk` and `releaseToTalk` of the client.
public struct PushToTalk: Codable, Sendable, Equatable {
    /// How much of what was said before the press is sent with it, in milliseconds; 200 when absent.
    public var preRollMs: UInt32?

    /// Options.
    public init(preRollMs: UInt32? = nil) { self.preRollMs = preRollMs }
}

/// Makes the bot quieter while the user speaks.
public struct Ducking: Codable, Sendable, Equatable {
    /// What its samples are multiplied by, 0 to 1; 0.25 when absent.
    public var gain: Float?

    /// Options.
    public init(gain: Float? = nil) { self.gain = gain }
}

/// How the bot's audio is buffered and played. Absent values have the defaults named.
public struct Playout: Codable, Sendable, Equatable {
    /// How much audio must be there before playing begins, in milliseconds; 40.
    public var targetDelayMs: UInt32?
    /// The most that it grows to, in milliseconds; 400.
    public var maxDelayMs: UInt32?
    /// How long audio that is cut off takes to fade out, in milliseconds, at most 100; 5.
    public var fadeMs: UInt32?
    /// What the bot's samples are multiplied by at first, 0 to 4; 1.
    public var gain: Float?

    /// Options.
    public init(targetDelayMs: UInt32? = nil, maxDelayMs: UInt32? = nil, fadeMs: UInt32? = nil, gain: Float? = nil) {
        self.targetDelayMs = targetDelayMs
        self.maxDelayMs = maxDelayMs
        self.fadeMs = fadeMs
        self.gain = gain
    }
}

/// How the user's and the bot's voices are treated. As JSON, an object of the same names.
public struct VoiceOptions: Codable, Sendable, Equatable {
    /// What the microphone is cleaned of. When absent: everything for a plain microphone of the machine, nothing where the system does it
    /// and for audio of the app's own.
    public var audioProcessing: AudioProcessing?
    /// Reports when the user speaks.
    public var voiceActivity: VoiceActivity?
    /// Sends only while a button is pressed.
    public var pushToTalk: PushToTalk?
    /// Makes the bot quieter while the user speaks.
    public var ducking: Ducking?
    /// How much of what is said before the bot is ready is kept for it, in milliseconds; nothing when absent.
    public var preConnectAudioMs: UInt32?
    /// How the bot's audio is buffered and played.
    public var playout: Playout?
    /// How often levels are reported, in milliseconds; 100 when absent.
    public var levelPeriodMs: UInt32?
    /// How long the microphone stays open after it was muted, in milliseconds: 0 closes it at once, `nil` keeps it open until the session ends.
    /// With push-to-talk an enabled microphone is open whether the button is pressed or not. On Apple's systems the bot's audio pauses for a
    /// moment when the microphone of ``Microphone/device`` is closed or opened.
    public var micReleaseAfterMs: UInt32? = 10_000

    /// The defaults; set what is to be otherwise.
    public init() {}
}

extension VoiceOptions {
    private enum CodingKeys: String, CodingKey {
        case audioProcessing, voiceActivity, pushToTalk, ducking, preConnectAudioMs, playout, levelPeriodMs, micReleaseAfterMs
    }

    /// Reads what ``encode(to:)`` writes. A `micReleaseAfterMs` of null is `nil`, an absent one the default.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        audioProcessing = try values.decodeIfPresent(AudioProcessing.self, forKey: .audioProcessing)
        voiceActivity = try values.decodeIfPresent(VoiceActivity.self, forKey: .voiceActivity)
        pushToTalk = try values.decodeIfPresent(PushToTalk.self, forKey: .pushToTalk)
        ducking = try values.decodeIfPresent(Ducking.self, forKey: .ducking)
        preConnectAudioMs = try values.decodeIfPresent(UInt32.self, forKey: .preConnectAudioMs)
        playout = try values.decodeIfPresent(Playout.self, forKey: .playout)
        levelPeriodMs = try values.decodeIfPresent(UInt32.self, forKey: .levelPeriodMs)
        if values.contains(.micReleaseAfterMs) {
            micReleaseAfterMs = try values.decodeIfPresent(UInt32.self, forKey: .micReleaseAfterMs)
        }
    }

    /// Writes what is not as by default.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encodeIfPresent(audioProcessing, forKey: .audioProcessing)
        try values.encodeIfPresent(voiceActivity, forKey: .voiceActivity)
        try values.encodeIfPresent(pushToTalk, forKey: .pushToTalk)
        try values.encodeIfPresent(ducking, forKey: .ducking)
        try values.encodeIfPresent(preConnectAudioMs, forKey: .preConnectAudioMs)
        try values.encodeIfPresent(playout, forKey: .playout)
        try values.encodeIfPresent(levelPeriodMs, forKey: .levelPeriodMs)
        if micReleaseAfterMs != VoiceOptions().micReleaseAfterMs {
            try values.encode(micReleaseAfterMs, forKey: .micReleaseAfterMs)
        }
    }
}
