#if canImport(CallKit) && canImport(UIKit)
import AVFoundation
import CallKit
import RTVI

/// A conversation with a bot as a call of the system: it shows in the system's call screen and on the
/// lock screen, in the list of calls and in the car, and other calls put it on hold instead of ending it.
///
///     var options = PipecatClientOptions(transport: SmallWebRTCTransport())
///     options.audioSession = .manual
///     let client = try PipecatClient(options: options)
///     let call = CallKitCall(client: client, name: "Assistant")
///     try await call.start { try await client.startBotAndConnect(startBotParams: request) }
///
/// The client must have ``RTVI/AudioSessionPolicy/manual``: the system activates the audio session. Its
/// category is set for a call on the loudspeaker, unless the app has set `.playAndRecord` itself. One
/// object is one call. An app needs the background mode *Voice over IP*.
@MainActor
public final class CallKitCall: NSObject {
    /// Called when the call is over, whoever has ended it.
    public var onEnd: (() -> Void)?

    private let client: PipecatClient
    private let name: String
    private let id = UUID()
    private let calls = CXCallController()
    // Also used when the object goes.
    private nonisolated(unsafe) let provider: CXProvider
    private var progress: CallProgress
    private var connect: (() async throws -> Void)?
    private var connecting: Task<Void, Never>?
    /// How ``start(_:)`` ended, and who waits for that.
    private var outcome: Result<Void, any Error>?
    private var waiting: CheckedContinuation<Void, any Error>?
    private var watching: Task<Void, Never>?

    /// Creates a call; `name` is whom the call screen shows.
    public init(client: PipecatClient, name: String) {
        (self.client, self.name) = (client, name)
        progress = CallProgress(usesMic: client.isMicEnabled)
        let configuration = CXProviderConfiguration()
        configuration.maximumCallGroups = 1
        configuration.maximumCallsPerCallGroup = 1
        configuration.supportedHandleTypes = [.generic]
        provider = CXProvider(configuration: configuration)
        super.init()
        provider.setDelegate(self, queue: nil)
    }

    deinit {
        provider.invalidate()
        watching?.cancel()
    }

    /// Whether the call has begun and is not over.
    public var isActive: Bool { progress.isActive }

    /// Starts the call: asks the system, then runs `connect`, which is to connect the client. Returns when
    /// it has; throws the system's refusal (`CXErrorCodeRequestTransactionError`), the error of
    /// `connect`, or `CancellationError` if the user ends the call before, or if the task is cancelled.
    /// Throws `invalidState` if the object has had its call.
    public func start(_ connect: @escaping @MainActor () async throws -> Void) async throws {
        guard progress.isNew, self.connect == nil else { throw RTVIError(.invalidState, "the call has begun before") }
        progress = CallProgress(usesMic: client.isMicEnabled)
        self.connect = connect
        try await request(CXStartCallAction(call: id, handle: CXHandle(type: .generic, value: name)))
        try await withTaskCancellationHandler {
            if let outcome { return try outcome.get() }
            try await withCheckedThrowingContinuation { waiting = $0 }
        } onCancel: {
            Task { @MainActor in try? await end() }
        }
    }

    /// Ends the call.
    public func end() async throws {
        try await request(CXEndCallAction(call: id))
    }

    /// Mutes the user, as the button on the call screen does.
    public func setMuted(_ muted: Bool) async throws {
        try await request(CXSetMutedCallAction(call: id, muted: muted))
    }

    private func request(_ action: CXAction) async throws {
        try await withCheckedThrowingContinuation { (done: CheckedContinuation<Void, any Error>) in
            calls.request(CXTransaction(action: action)) { error in
                if let error { done.resume(throwing: error) } else { done.resume() }
            }
        }
    }

    private func handle(_ input: CallProgress.Input) {
        progress.handle(input).forEach(perform)
    }

    private func perform(_ action: CallProgress.Action) {
        switch action {
        case .connect: connectClient()
        case .disconnect: disconnectClient()
        case .enableMic(let enable): Task { [client] in try? await client.enableMic(enable: enable) }
        case .reportConnected: provider.reportOutgoingCall(with: id, connectedAt: nil)
        case .reportEnd(let failed):
            provider.reportCall(with: id, endedAt: nil, reason: failed ? .failed : .remoteEnded)
            onEnd?()
        }
    }

    private func connectClient() {
        provider.reportOutgoingCall(with: id, startedConnectingAt: nil)
        let events = client.events
        watching = Task { [weak self] in
            for await event in events {
                if case .disconnected = event { self?.handle(.disconnected) }
            }
        }
        connecting = Task {
            // It may refer to the owner of this object.
            defer { connect = nil }
            do {
                try await connect?()
                handle(.connected)
                settle(.success(()))
            } catch {
                handle(.failed)
                settle(.failure(error))
            }
        }
    }

    /// The first outcome counts.
    private func settle(_ result: Result<Void, any Error>) {
        guard outcome == nil else { return }
        outcome = result
        waiting?.resume(with: result)
        waiting = nil
    }

    /// Cancelling undoes a connect that is under way.
    private func disconnectClient() {
        connecting?.cancel()
        settle(.failure(CancellationError()))
        Task { [client] in try? await client.disconnect() }
        onEnd?()
    }

    private func prepareSession() {
        guard AVAudioSession.sharedInstance().category != .playAndRecord else { return }
        do {
            try AVAudioSession.sharedInstance().setCategory(
                .playAndRecord, mode: .voiceChat, options: [.allowBluetooth, .allowBluetoothA2DP, .defaultToSpeaker])
        } catch {
            // The call goes on with the category that the app has; the devices say what is wrong.
        }
    }
}

/// The system calls these on the main queue.
extension CallKitCall: CXProviderDelegate {
    public nonisolated func providerDidReset(_ provider: CXProvider) {
        MainActor.assumeIsolated {
            handle(.ended)
            settle(.failure(CancellationError()))
        }
    }

    public nonisolated func provider(_ provider: CXProvider, perform action: CXStartCallAction) {
        MainActor.assumeIsolated {
            prepareSession()
            handle(.allowed)
        }
        action.fulfill()
    }

    public nonisolated func provider(_ provider: CXProvider, perform action: CXEndCallAction) {
        MainActor.assumeIsolated { handle(.ended) }
        action.fulfill()
    }

    public nonisolated func provider(_ provider: CXProvider, perform action: CXSetMutedCallAction) {
        let isMuted = action.isMuted
        MainActor.assumeIsolated { handle(.muted(isMuted)) }
        action.fulfill()
    }

    public nonisolated func provider(_ provider: CXProvider, perform action: CXSetHeldCallAction) {
        let isOnHold = action.isOnHold
        MainActor.assumeIsolated { handle(.held(isOnHold)) }
        action.fulfill()
    }

    public nonisolated func provider(_ provider: CXProvider, didActivate session: AVAudioSession) {
        PipecatClient.audioSessionActivated()
    }

    public nonisolated func provider(_ provider: CXProvider, didDeactivate session: AVAudioSession) {
        PipecatClient.audioSessionDeactivated()
    }
}
#endif
