import RTVITypes

/// A client of a Pipecat bot.
///
///     let client = try PipecatClient(options: PipecatClientOptions(transport: SmallWebRTCTransport()))
///     client.delegate = self
///     try await client.startBotAndConnect(startBotParams: APIRequest(endpoint: url))
///     try await client.sendText(content: "Hello")
///     try await client.disconnect()
///
/// Every call throws ``RTVIError``, and `CancellationError` when its task is cancelled: what the call has begun is then undone. Only
/// ``disconnect()`` goes on. The session ends when the client is released.
@MainActor
public final class PipecatClient {
    /// The version of this SDK.
    public nonisolated static var libraryVersion: String { RTVI.libraryVersion() }
    /// The version of the RTVI protocol that it speaks.
    public nonisolated static var protocolVersion: String { RTVI.protocolVersion() }

    nonisolated let core: FfiClient
    private let devices: DeviceAudio?
    private var pump: DelegatePump?

    /// Who is told of what happens; held weakly. Is told of what happens from now on until the client is closed; what has happened by then is
    /// told even if the client is released.
    public weak var delegate: (any PipecatClientDelegate)? {
        didSet {
            if delegate != nil, pump == nil {
                pump = DelegatePump(of: core)
            }
            pump?.delegate = delegate
        }
    }

    /// Makes a client; opens nothing yet. A ``PCMInput`` and ``PCMOutput`` of the options are used up, even if this throws.
    public init(options: PipecatClientOptions) throws {
        devices = options.usesDevices ? try DeviceAudio(policy: options.audioSession) : nil
        let ffi = options.ffi(devices: devices)
        core = try translated { try FfiClient(options: ffi) }
    }

    deinit {
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
        core.state()
    }

    /// Whether there is a session: whether the state is connected or ready.
    public nonisolated func connected() -> Bool {
        [.connected, .ready].contains(state)
    }

    /// Sets how much is logged by all clients of the process.
    public nonisolated func setLogLevel(logLevel: LogLevel) {
        PipecatLog.setLevel(logLevel)
    }

    /// Closes the client for good, at once: the session ends, and calls under way throw `cancelled`. Event streams and the delegate get what
    /// has happened before, then nothing more. Later calls throw `invalidState`. Releasing the last reference does the same.
    public func release() {
        core.shutdown()
    }

    /// Awaits a call of the core; cancelled with the task.
    nonisolated func call<T: Sendable>(
        _ body: @escaping @Sendable (FfiClient, FfiCancellation) async throws -> T
    ) async throws -> T {
        try await cancellable { [core] in try await body(core, $0) }
    }
}

/// Takes events to the delegate, on the main actor, until there are no more: the core ends its streams when the client is gone.
@MainActor
final class DelegatePump {
    weak var delegate: (any PipecatClientDelegate)?

    init(of core: FfiClient) {
        guard let stream = try? core.events() else { return }
        Task { @MainActor in
            while let batch = try? await stream.nextEvents(max: PipecatEvents.batch), !batch.isEmpty {
                for event in batch {
                    delegate?.tell(event)
                }
            }
        }
    }
}
