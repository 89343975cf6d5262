import RTVIBindings

/// A client of a Pipecat bot.
///
///     let client = try PipecatClient(options: PipecatClientOptions(transport: SmallWebRTCTransport()))
///     client.delegate = self
///     try await client.startBotAndConnect(startBotParams: APIRequest(endpoint: url))
///     try await client.sendText(content: "Hello")
///     try await client.disconnect()
///
/// Every call throws ``RTVIError``, and `CancellationError` when its task is cancelled: what the call has begun is then undone.
/// The session ends when the client is released.
@MainActor
public final class PipecatClient {
    /// The version of this SDK.
    public nonisolated static var libraryVersion: String { RTVIBindings.libraryVersion() }
    /// The version of the RTVI protocol that it speaks.
    public nonisolated static var protocolVersion: String { RTVIBindings.protocolVersion() }

    nonisolated let core: FfiClient
    private let devices: DeviceAudio?
    private var pump: DelegatePump?

    /// Who is told of what happens; held weakly. Is told of what happens from now on.
    public weak var delegate: (any PipecatClientDelegate)? {
        didSet {
            if delegate != nil, pump == nil {
                pump = DelegatePump(of: self)
            }
        }
    }

    /// Makes a client; opens nothing yet. A ``PCMInput`` and ``PCMOutput`` of the options are used up, even if this throws.
    public init(options: PipecatClientOptions) throws {
        devices = options.usesDevices ? try DeviceAudio(policy: options.audioSession) : nil
        let ffi = options.ffi(devices: devices)
        core = try translated { try FfiClient(options: ffi) }
    }

    deinit {
        pump?.stop()
        core.shutdown()
    }

    /// The events from now on, as a stream of their own: `for await event in client.events { … }`.
    ///
    /// Holds 512 events. While it is nearly full, the client reads no further messages from the server, and after ten seconds the session
    /// ends (`consumerStalled`): loop over what you ask for. A loop does not keep the client.
    public nonisolated var events: PipecatEvents {
        PipecatEvents(try? core.events())
    }

    /// The present state.
    public nonisolated var state: TransportState {
        TransportState(rawValue: core.state()) ?? .disconnected
    }

    /// Whether there is a session: whether the state is connected or ready.
    public nonisolated func connected() -> Bool {
        [.connected, .ready].contains(state)
    }

    /// Sets how much is logged by all clients of the process.
    public nonisolated func setLogLevel(logLevel: LogLevel) {
        PipecatLog.setLevel(logLevel)
    }

    /// Closes the client for good, at once: the session ends, calls under way throw `cancelled`, and event streams end. Later calls
    /// throw `invalidState`. Releasing the last reference does the same.
    public func release() {
        pump?.stop()
        core.shutdown()
    }

    /// Awaits a call of the core; cancelled with the task.
    nonisolated func call<T: Sendable>(
        _ body: @escaping @Sendable (FfiClient, FfiCancellation) async throws -> T
    ) async throws -> T {
        try await cancellable { [core] in try await body(core, $0) }
    }
}

/// Takes events to the delegate, on the main actor, until the client is gone.
@MainActor
final class DelegatePump {
    private nonisolated let stream: FfiEventStream?

    init(of client: PipecatClient) {
        let stream = try? client.core.events()
        self.stream = stream
        guard let stream else { return }
        Task { @MainActor [weak client] in
            while let batch = try? await stream.nextEvents(max: PipecatEvents.batch), !batch.isEmpty {
                for event in batch {
                    // The delegate may release the client, and that is the end.
                    guard let client else { return stream.stop() }
                    client.delegate?.tell(PipecatEvent(event))
                }
            }
        }
    }

    nonisolated func stop() {
        stream?.stop()
    }
}
