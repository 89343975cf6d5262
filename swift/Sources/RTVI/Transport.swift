import Foundation
import RTVITypes

/// A transport of the app's own: it carries messages and audio between the client and a bot.
///
/// It opens one connection at a time and reports events about it. It never decides the client's
/// state.
public protocol Transport: AnyObject, TransportProvider {
    /// The audio that it wants from the microphone; `nil` (the default) if it carries none.
    var capture: CaptureFormat? { get }
    /// The largest message that it takes, in bytes of JSON text; `nil` (the default) means no
    /// limit.
    var maxMessageSize: Int? { get }

    /// Opens one connection and runs it to its end, by the rules of ``TransportConnection``.
    ///
    /// If it throws before it has opened, the error states why opening failed; afterwards, why the
    /// connection was lost. The client cancels the task when the connection must end at once.
    func run(_ connection: TransportConnection) async throws -> ConnectionEnd
}

/// The audio that a transport wants from the microphone.
public struct CaptureFormat: Sendable, Equatable {
    /// Rate and channels.
    public var format: AudioFormat
    /// The length of each frame, in milliseconds.
    public var frameMilliseconds: Int

    /// Creates a format.
    public init(format: AudioFormat, frameMilliseconds: Int = 20) {
        self.format = format
        self.frameMilliseconds = frameMilliseconds
    }
}

/// How a connection ended that did not fail.
public enum ConnectionEnd: Sendable, Equatable {
    /// The client requested it.
    case requested
    /// The bot ended it, with the close code and reason, if known.
    case botLeft(code: UInt16? = nil, reason: String = "")
}

extension Transport {
    public var capture: CaptureFormat? { nil }
    public var maxMessageSize: Int? { nil }

    public var setup: TransportSetup {
        let capabilities = FfiCustomTransport(
            maxMessageSize: maxMessageSize.map(UInt32.init(clamping:)),
            captureSampleRate: capture.map { UInt32(clamping: $0.format.sampleRate) },
            captureChannels: UInt16(clamping: capture?.format.channels ?? 1),
            captureFrameMs: UInt32(clamping: capture?.frameMilliseconds ?? 20))
        return TransportSetup(choice: .custom(capabilities: capabilities, transport: TransportOfApp(transport: self)))
    }
}

/// One connection, as the app's transport sees it.
///
/// The transport opens it, reports ``opened(bot:)`` once, then carries messages and audio both ways
/// until the client tells it to close or the connection ends. One task may await ``nextCommand()``
/// and another ``nextAudio()``. Once the connection is over, both return `nil`, and reports throw
/// `connectionLost`. While the app does not take its events, a report waits for room. It throws
/// `CancellationError` when its task is cancelled; the report was then not made. May be used from
/// any task.
public final class TransportConnection: Sendable {
    private let connection: FfiConnection
    /// The connect parameters.
    public let params: Value
    /// The start request whose answer the parameters are, if there was one.
    public let startRequest: APIRequest?

    init(_ connection: FfiConnection) throws {
        self.connection = connection
        params = connection.params()
        startRequest = try connection.startRequest().map(APIRequest.init)
    }

    /// 0 for the first connection, then the number of the reconnect attempt.
    public var attempt: Int { Int(connection.attempt()) }

    /// Whether the microphone is on as the connection opens.
    public var isMicEnabled: Bool { connection.isMicEnabled() }

    /// Waits for the client's next command; `nil` when the connection is over. Cancelling the task
    /// loses nothing.
    public func nextCommand() async throws -> TransportCommand? {
        try await call { try await $0.nextCommand(cancellation: $1) }
    }

    /// Waits for the next frame of the microphone's audio, in the format of ``Transport/capture``;
    /// `nil` when the connection is over. The queue holds half a second; the client drops and
    /// counts frames that are not taken in time. Cancelling the task loses nothing.
    public func nextAudio() async throws -> Data? {
        try await call { try await $0.nextAudio(cancellation: $1) }
    }

    /// Reports that the connection is open for messages and audio. Call it once.
    public func opened(bot: Participant) async throws {
        try await call { try await $0.opened(bot: bot, cancellation: $1) }
    }

    /// Reports a message from the server, unchanged. Await it before you read the next one.
    public func message(_ message: String) async throws {
        try await call { try await $0.message(message: message, cancellation: $1) }
    }

    /// Delivers audio of the bot: 16-bit little-endian PCM, channels interleaved. Never waits.
    public func audio(_ pcm: Data, format: AudioFormat) throws {
        try translated {
            try connection.audio(
                sampleRate: UInt32(clamping: format.sampleRate), channels: UInt16(clamping: format.channels), pcm: pcm)
        }
    }

    /// Reports that the server interrupted the bot: the client drops audio that has not been
    /// played.
    public func interrupted() async throws {
        try await call { try await $0.interrupted(cancellation: $1) }
    }

    /// Reports that the bot left a room that stays open.
    public func botLeft() async throws {
        try await call { try await $0.botLeft(cancellation: $1) }
    }

    /// Reports that a bot joined a room that the bot had left. The client stays ready; the bot is
    /// greeted and reports that it is ready.
    public func botJoined(bot: Participant) async throws {
        try await call { try await $0.botJoined(bot: bot, cancellation: $1) }
    }

    /// Reports that somebody other than the client and the bot is in the room. The client remembers
    /// 256 participants and ignores any others.
    public func participantConnected(_ participant: Participant) async throws {
        try await call { try await $0.participantConnected(participant: participant, cancellation: $1) }
    }

    /// Reports that somebody other than the client and the bot left the room. Those who are there
    /// when the connection ends need no report.
    public func participantLeft(_ participant: Participant) async throws {
        try await call { try await $0.participantLeft(participant: participant, cancellation: $1) }
    }

    /// Reports that the server muted the user's audio, or ended that. While it is muted, send none.
    /// It also ends with the command that the microphone is on, or with the connection.
    public func micMuted(_ muted: Bool) async throws {
        try await call { try await $0.micMuted(muted: muted, cancellation: $1) }
    }

    /// Reports that something unreadable arrived and was dropped; `what` names it and the reason.
    public func unreadable(_ what: String) async throws {
        try await call { try await $0.unreadable(what: what, cancellation: $1) }
    }

    /// Reports that audible audio was dropped. The app receives an `audioDropped` event at most
    /// once a second for each reason. You may report each packet; ten times a second is enough.
    public func audioDropped(_ dropped: AudioDropped) async throws {
        try await call { try await $0.audioDropped(dropped: dropped, cancellation: $1) }
    }

    /// Awaits a call of the core and cancels it with the task.
    private func call<T: Sendable>(
        _ body: @escaping @Sendable (FfiConnection, FfiCancellation) async throws -> T
    ) async throws -> T {
        try await cancellable { [connection] in try await body(connection, $0) }
    }
}

/// The app's transport, in the form that the core calls.
private final class TransportOfApp: FfiTransport {
    private let transport: any Transport

    init(transport: any Transport) {
        self.transport = transport
    }

    func run(connection: FfiConnection) async throws -> FfiConnectionEnd {
        try await forCore {
            switch try await transport.run(try TransportConnection(connection)) {
            case .requested: return .requested
            case .botLeft(let code, let reason): return .botLeft(code: code, reason: reason)
            }
        }
    }
}
