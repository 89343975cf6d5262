import Foundation
import RTVITypes

/// A transport of the app's own: what carries messages and audio between the client and a bot.
///
/// It opens one connection at a time, reports events about it, and never decides in which state the client is.
public protocol Transport: AnyObject, TransportProvider {
    /// The audio that it wants from the microphone; nothing (the default) if it carries none.
    var capture: CaptureFormat? { get }
    /// The largest message that it takes, in bytes of JSON text; nothing (the default) if any.
    var maxMessageSize: Int? { get }

    /// Opens one connection and runs it to its end, by the rules of ``TransportConnection``.
    ///
    /// What it throws before it has opened is the reason why it could not be opened, and afterwards why it was lost. The task is
    /// cancelled when the connection must end at once.
    func run(_ connection: TransportConnection) async throws -> ConnectionEnd
}

/// The audio that a transport wants from the microphone.
public struct CaptureFormat: Sendable, Equatable {
    /// Rate and channels.
    public var format: AudioFormat
    /// The length of each piece, in milliseconds.
    public var frameMilliseconds: Int

    /// A format in pieces.
    public init(format: AudioFormat, frameMilliseconds: Int = 20) {
        self.format = format
        self.frameMilliseconds = frameMilliseconds
    }
}

/// How a connection ended that did not fail.
public enum ConnectionEnd: Sendable, Equatable {
    /// The client asked for it.
    case requested
    /// The bot ended it; with the close code, if there is one, and what is known about it.
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
/// The transport opens it, reports ``opened(bot:)`` once, then carries messages and audio both ways until it is told to close or it ends.
/// Two tasks of it may await ``nextCommand()`` and ``nextAudio()``, one each. Once it is over, both give nothing, and reports throw
/// `connectionLost`. A report waits for room while the app does not take its events, and throws `CancellationError` when its task is
/// cancelled; it was then not made. May be used from any task.
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

    /// Waits for what the client wants next; nothing when the connection is over. Nothing is lost when its task is cancelled.
    public func nextCommand() async throws -> TransportCommand? {
        try await call { try await $0.nextCommand(cancellation: $1) }
    }

    /// Waits for the next piece of the microphone's audio, as ``Transport/capture`` says; nothing when the connection is over. Half a second is
    /// kept; what is not taken in time is dropped and counted. Nothing is lost when its task is cancelled.
    public func nextAudio() async throws -> Data? {
        try await call { try await $0.nextAudio(cancellation: $1) }
    }

    /// The connection is open for messages and audio; to be reported once.
    public func opened(bot: Participant) async throws {
        try await call { try await $0.opened(bot: bot, cancellation: $1) }
    }

    /// A message of the server arrived, as it came. Await it before the next is read.
    public func message(_ message: String) async throws {
        try await call { try await $0.message(message: message, cancellation: $1) }
    }

    /// Audio of the bot arrived: 16-bit little-endian PCM, channels interleaved. Never waits.
    public func audio(_ pcm: Data, format: AudioFormat) throws {
        try translated {
            try connection.audio(
                sampleRate: UInt32(clamping: format.sampleRate), channels: UInt16(clamping: format.channels), pcm: pcm)
        }
    }

    /// The server interrupted the bot: what it has said and was not played is dropped.
    public func interrupted() async throws {
        try await call { try await $0.interrupted(cancellation: $1) }
    }

    /// The bot left a room that stays open.
    public func botLeft() async throws {
        try await call { try await $0.botLeft(cancellation: $1) }
    }

    /// Something arrived that can't be read and was dropped; `what` names it and why.
    public func unreadable(_ what: String) async throws {
        try await call { try await $0.unreadable(what: what, cancellation: $1) }
    }

    /// Audio was dropped that somebody would have heard: an `audioDropped` for the app, at most once a second for each reason. May be reported
    /// for each packet; ten times a second is enough.
    public func audioDropped(_ dropped: AudioDropped) async throws {
        try await call { try await $0.audioDropped(dropped: dropped, cancellation: $1) }
    }

    /// Awaits a call of the core; cancelled with the task.
    private func call<T: Sendable>(
        _ body: @escaping @Sendable (FfiConnection, FfiCancellation) async throws -> T
    ) async throws -> T {
        try await cancellable { [connection] in try await body(connection, $0) }
    }
}

/// The app's transport, as the core calls it.
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
