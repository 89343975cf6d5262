import RTVITypes

/// A client of a Pipecat bot.
///
///     let client = try PipecatClient(options: PipecatClientOptions(transport: SmallWebRTCTransport()))
///     client.delegate = self
///     try await client.startBotAndConnect(startBotParams: APIRequest(endpoint: url))
///     try await client.sendText(content: "Hello")
///     try await client.disconnect()
///
/// Every call throws ``RTVIError``, or `CancellationError` when its task is cancelled; the client
/// then undoes what the call began. Only ``disconnect()`` continues. The session ends when the
/// client is released.
@MainActor
public final class PipecatClient {
    /// The version of this SDK.
    public nonisolated static var libraryVersion: String { RTVI.libraryVersion() }
    /// The version of the RTVI protocol that the SDK speaks.
    public nonisolated static var protocolVersion: String { RTVI.protocolVersion() }

    nonisolated let core: FfiClient
    private let devices: DeviceAudio?
    /// Kept while the client is there.
    private let video: [any VideoProvider]
    private let network: NetworkWatcher?
    private var pump: DelegatePump?

    /// Receives the events; held weakly. The delegate receives all events from now on until the
    /// client is closed, and events that occurred before the client was released even after that.
    public weak var delegate: (any PipecatClientDelegate)? {
        didSet {
            if delegate != nil, pump == nil {
                pump = DelegatePump(of: core)
            }
            pump?.delegate = delegate
        }
    }

    /// Creates a client; opens nothing yet. It consumes a ``PCMInput``, ``PCMOutput`` and
    /// ``VideoInput`` of the options, even if it throws.
    public init(options: PipecatClientOptions) throws {
        devices = options.usesDevices ? try DeviceAudio(policy: options.audioSession, onEvent: options.onAudioSession) : nil
        video = [options.camera, options.screen].compactMap { $0 }
        let ffi = options.ffi(devices: devices)
        core = try translated { try FfiClient(options: ffi) }
        network = options.watchesNetwork ? NetworkWatcher(core: core) : nil
    }

    deinit {
        core.shutdown()
    }

    /// A new stream of the events from now on: `for await event in client.events { … }`.
    ///
    /// It holds 512 events. While it is nearly full, the client reads no further messages from the
    /// server, and after ten seconds the session ends (`consumerStalled`): always consume a stream
    /// that you request. A loop does not retain the client.
    public nonisolated var events: PipecatEvents {
        PipecatEvents(try? core.events())
    }

    /// The current state.
    public nonisolated var state: TransportState {
        TransportState.allCases[Int(core.stateIndex())]
    }

    /// Whether there is a session: the state is connected or ready.
    public nonisolated func connected() -> Bool {
        [.connected, .ready].contains(state)
    }

    /// Sets the log level of all clients of the process.
    public nonisolated func setLogLevel(logLevel: LogLevel) {
        PipecatLog.setLevel(logLevel)
    }

    /// Closes the client permanently and at once. The session ends, and running calls throw
    /// `cancelled`. Event streams and the delegate receive earlier events, then nothing more. Later
    /// calls throw `invalidState`. Releasing the last reference does the same.
    public func release() {
        core.shutdown()
    }

    /// Awaits a call of the core and cancels it with the task.
    nonisolated func call<T: Sendable>(
        _ body: @escaping @Sendable (FfiClient, FfiCancellation) async throws -> T
    ) async throws -> T {
        try await cancellable { [core] in try await body(core, $0) }
    }
}

/// Delivers events to the delegate on the main actor until the stream ends: the core ends its
/// streams when the client is gone.
@MainActor
final class DelegatePump {
    weak var delegate: (any PipecatClientDelegate)?

    init(of core: FfiClient) {
        guard let stream = try? core.events() else { return }
        Task { @MainActor in
            while case let batch = await stream.batch(), !batch.isEmpty {
                for event in batch {
                    delegate?.tell(event)
                }
            }
        }
    }
}
