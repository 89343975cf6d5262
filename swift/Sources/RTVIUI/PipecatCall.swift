import Observation
import RTVI

/// A call with a bot that SwiftUI observes: what is shown, and what can be done.
///
///     struct TalkView: View {
///         @State var call: PipecatCall        // before iOS 17: @StateObject
///
///         var body: some View {
///             TranscriptView(call.conversation)
///             Button(call.isActive ? "Hang up" : "Call") { call.isActive ? call.end() : call.start(request) }
///         }
///     }
///
/// The properties of ``CallStatus`` are the call's own: `call.isActive`, `call.problem`. What fails is
/// a ``CallStatus/problem``. For everything else there is the ``client``. One object holds any number
/// of calls, one after the other.
@MainActor
@dynamicMemberLookup
public final class PipecatCall {
    /// The client. Use it for everything that the call has no method for.
    public let client: any PipecatClientProtocol
    /// What is said. A new call clears it.
    public let conversation: PipecatConversation
    /// How loud both sides are.
    public let levels = AudioLevels()

    private let observers = Observers()
    private var now: CallStatus
    private var connecting: Task<Void, Never>?
    private var following: Task<Void, Never>?

    /// A call of this client. It follows the client's events from now on; the client's delegate stays
    /// the app's.
    public init(client: any PipecatClientProtocol, limits: ConversationLimits? = nil) {
        self.client = client
        conversation = PipecatConversation(limits: limits)
        now = CallStatus(state: client.state, isMicEnabled: client.isMicEnabled, isCamEnabled: client.isCamEnabled)
        following = Task { [weak self, events = client.events] in
            for await event in events {
                guard let self else { return }
                self.apply(event)
            }
        }
    }

    /// A call of a new client. Throws what `PipecatClient(options:)` throws.
    public convenience init(options: PipecatClientOptions) throws {
        self.init(client: try PipecatClient(options: options))
    }

    deinit {
        following?.cancel()
        connecting?.cancel()
    }

    /// What a user interface shows of the call.
    public var status: CallStatus {
        observers.read()
        return now
    }

    /// A property of the ``status``.
    public subscript<T>(dynamicMember path: KeyPath<CallStatus, T>) -> T {
        status[keyPath: path]
    }

    /// Starts a bot by its start endpoint and calls it. Does nothing during a call.
    public func start(_ request: APIRequest) {
        begin { try await $0.startBotAndConnect(startBotParams: request) }
    }

    /// Calls a bot that is reached by these parameters of the transport. Does nothing during a call.
    public func connect(transportParams: some Encodable & Sendable) {
        begin { try await $0.connect(transportParams: transportParams) }
    }

    /// Hangs up, also while the call begins.
    public func end() {
        connecting?.cancel()
        attempt { try await $0.disconnect() }
    }

    /// Turns the microphone on or off, in any state.
    public func setMic(_ enabled: Bool) {
        change { $0.isMicEnabled = enabled }
        attempt { try await $0.enableMic(enable: enabled) }
    }

    /// Turns the camera on or off, in any state.
    public func setCam(_ enabled: Bool) {
        attempt { try $0.enableCam(enable: enabled) }
    }

    /// Starts or stops sharing the screen, in any state. ``CallStatus/isSharingScreen`` follows once
    /// its pictures flow.
    public func setScreenShare(_ enabled: Bool) {
        attempt { try $0.enableScreenShare(enable: enabled) }
    }

    /// Sends text of the user, as if it had been spoken. Does nothing if there is none.
    public func send(_ text: String) {
        guard text.contains(where: { !$0.isWhitespace }) else { return }
        attempt { try await $0.sendText(content: text) }
    }

    /// The user has seen the ``CallStatus/problem``.
    public func dismissProblem() {
        change { $0.problem = nil }
    }

    private func begin(_ connect: @escaping @MainActor (any PipecatClientProtocol) async throws -> BotReadyData) {
        guard !now.isActive else { return }
        conversation.clear()
        change {
            $0.problem = nil
            $0.isConnecting = true
        }
        connecting = Task { [weak self, client] in
            let problem = await Self.problem { _ = try await connect(client) }
            self?.change {
                $0.problem = problem ?? $0.problem
                $0.isConnecting = false
            }
        }
    }

    /// Does something with the client. Afterwards the status says what the client's devices do.
    private func attempt(_ action: @escaping @MainActor (any PipecatClientProtocol) async throws -> Void) {
        Task { [weak self, client] in
            let problem = await Self.problem { try await action(client) }
            self?.change {
                $0.problem = problem ?? $0.problem
                $0.isMicEnabled = client.isMicEnabled
                $0.isCamEnabled = client.isCamEnabled
            }
        }
    }

    /// What went wrong; a cancelled task is no problem.
    private static func problem(_ action: @MainActor () async throws -> Void) async -> RTVIError? {
        do {
            try await action()
            return nil
        } catch is CancellationError {
            return nil
        } catch let error as RTVIError {
            return error
        } catch {
            return RTVIError(.internal, error.localizedDescription)
        }
    }

    private func apply(_ event: PipecatEvent) {
        change {
            $0.apply(event)
            // Others may have changed them, such as the system's call screen.
            $0.isMicEnabled = client.isMicEnabled
            $0.isCamEnabled = client.isCamEnabled
        }
        conversation.apply(event)
        levels.apply(event)
    }

    private func change(_ how: (inout CallStatus) -> Void) {
        var next = now
        how(&next)
        guard next != now else { return }
        observers.willChange()
        now = next
    }
}

@available(iOS 17, macOS 14, *)
extension PipecatCall: Observable {}

#if canImport(Combine)
import Combine

extension PipecatCall: ObservableObject {
    /// Sends before every change.
    public nonisolated var objectWillChange: ObservableObjectPublisher { observers.publisher }
}
#endif
