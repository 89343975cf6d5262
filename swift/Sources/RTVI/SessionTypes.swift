// Who and what takes part in a session: values of the events and of what a client can be asked.

/// The identifier of somebody in a session.
public typealias ParticipantId = String
/// The stable identifier of a microphone, speaker or camera.
public typealias MediaDeviceId = String

/// Somebody in the session.
public struct Participant: Equatable, Hashable, Sendable {
    /// Unique in the session.
    public let id: ParticipantId
    /// Name to show; may be empty.
    public let name: String
    /// Whether it is this client.
    public let local: Bool

    /// Somebody, as a transport of the app reports them.
    public init(id: ParticipantId, name: String, local: Bool = false) {
        self.id = id
        self.name = name
        self.local = local
    }

    init(_ data: Value) {
        self.init(id: data.text("id"), name: data.text("name"), local: data["local"]?.bool ?? false)
    }
}

/// A microphone, speaker or camera.
public struct MediaDeviceInfo: Equatable, Hashable, Sendable {
    /// Stable, for `updateMic` and its like.
    public let id: MediaDeviceId
    /// Name to show.
    public let name: String

    init(_ data: Value) {
        id = data.text("deviceId")
        name = data.text("label")
    }

    static func list(_ data: Value?) -> [Self] {
        (data?.array ?? []).map(Self.init)
    }
}

/// A stream of media of one participant.
public struct MediaStreamTrack: Equatable, Hashable, Sendable {
    /// What it carries.
    public enum Kind: String, Sendable {
        /// Sound.
        case audio
        /// Pictures; no transport carries them yet.
        case video
    }

    /// What it carries.
    public let kind: Kind
    /// Whose it is.
    public let participant: Participant

    init(_ data: Value) {
        kind = Kind(rawValue: data.text("kind")) ?? .audio
        participant = Participant(data["participant"] ?? .null)
    }
}

/// What a client's devices are doing.
public struct MediaState: Equatable, Hashable, Sendable {
    /// What one device is doing.
    public enum Device: Equatable, Hashable, Sendable {
        /// It has not been asked for.
        case uninitialized
        /// It is being opened.
        case initializing
        /// It is there.
        case granted
        /// It can't be used; why, for people.
        case error(String)

        init(_ data: Value?) {
            switch data?["state"]?.string {
            case "initializing": self = .initializing
            case "granted": self = .granted
            case "error": self = .error(data?["message"]?.string ?? "")
            default: self = .uninitialized
            }
        }
    }

    /// The microphone.
    public let mic: Device
    /// The speaker.
    public let speaker: Device
    /// The camera.
    public let cam: Device

    init(_ data: Value) {
        mic = Device(data["mic"])
        speaker = Device(data["speaker"])
        cam = Device(data["cam"])
    }
}

/// What the bot says of itself when it is ready.
public struct BotReadyData: Equatable, Hashable, Sendable {
    /// The version of its protocol, as it writes it; absent from old servers.
    public let version: String?
    /// What it runs on; any JSON.
    public let about: Value?
    /// What it can do, each true, false or not told: `audio_in`, `audio_out`, `video_in`, `screen_in`, `video_out`, `metrics`.
    public let capabilities: [String: Bool]
    /// All of it.
    public let data: Value

    init(_ data: Value) {
        version = data["version"]?.string
        about = data["about"]
        capabilities = (data["capabilities"]?.object ?? [:]).compactMapValues(\.bool)
        self.data = data
    }
}

/// Why a session ended.
public enum DisconnectReason: Equatable, Sendable {
    /// The app asked for it.
    case requested
    /// The bot ended it; with the close code, where there is one, and what the server said.
    case botLeft(code: UInt16?, message: String)
    /// It failed.
    case failed(RTVIError)

    init(_ data: Value) {
        switch data["reason"]?.string {
        case "botLeft":
            self = .botLeft(code: data["code"]?.integer.flatMap { UInt16(exactly: $0) }, message: data.text("message"))
        case "failed": self = .failed(RTVIError(data["error"] ?? .null))
        default: self = .requested
        }
    }
}

/// How much of an utterance of the bot reached the speaker, in seconds.
public struct BotAudioHeard: Equatable, Sendable {
    /// How much of its audio was given to the speaker; what the speaker itself still buffers counts as heard.
    public let heard: Double
    /// How much of its audio arrived.
    public let received: Double
    /// Whether it was cut off.
    public let interrupted: Bool

    init(_ data: Value) {
        heard = (data["heardMs"]?.number ?? 0) / 1000
        received = (data["receivedMs"]?.number ?? 0) / 1000
        interrupted = data["interrupted"]?.bool ?? false
    }
}

/// Audio that was dropped, as much as was dropped for one reason since the last report.
public struct AudioDropped: Equatable, Sendable {
    /// `unknownStream`, `unreadable`, `playoutFull` or `speakerFull` of the bot's audio; `microphoneFull`, `microphoneBacklog` or
    /// `preConnectFull` of the user's. New ones may be added.
    public let reason: String
    /// How much, in seconds; zero where nobody can tell.
    public let dropped: Double
    /// In how many frames or packets.
    public let count: Int
    /// What it was, for people.
    public let detail: String?

    init(_ data: Value) {
        reason = data.text("reason")
        dropped = (data["droppedMs"]?.number ?? 0) / 1000
        count = Int(data["count"]?.integer ?? 0)
        detail = data["detail"]?.string
    }
}

/// How much audio has been moved since the client was made, in seconds.
public struct AudioStats: Equatable, Sendable {
    /// Of the microphone, given to the transport.
    public let sent: Double
    /// Of the microphone, lost because it was not taken in time: by the transport or its server, by the client, or before the bot was ready.
    /// ``PipecatEvent/Kind/audioDropped(_:)`` says which.
    public let sendDropped: Double
    /// Of the bot, arrived.
    public let received: Double
    /// Of the bot, given to the speaker.
    public let played: Double
    /// Of the bot, dropped because it was interrupted.
    public let flushed: Double
    /// Of the bot, lost because too much of it was waiting to be played, or by a speaker that was too slow. Packets of WebRTC that were not even
    /// decoded are in `packetsDropped` of ``PipecatEvent/Kind/transportStats(_:)``.
    public let receiveDropped: Double
}

extension Value {
    /// A text member; empty if there is none.
    func text(_ name: String) -> String {
        self[name]?.string ?? ""
    }
}
