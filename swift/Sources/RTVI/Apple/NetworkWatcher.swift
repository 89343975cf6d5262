import RTVITypes

#if canImport(Network)
import Dispatch
import Network

/// Tells a client when the device has moved to another network, so that a call continues there at once.
final class NetworkWatcher: Sendable {
    private let monitor = NWPathMonitor()

    init(core: FfiClient) {
        let moves = Moves()
        monitor.pathUpdateHandler = { [weak core] path in
            guard moves.moves(to: Self.network(path)) else { return }
            Task {
                // A closed client has nothing to restore.
                try? await core?.networkChanged(cancellation: FfiCancellation())
            }
        }
        monitor.start(queue: DispatchQueue(label: "ai.rtvi.network"))
    }

    deinit {
        monitor.cancel()
    }

    private static func network(_ path: NWPath) -> NetworkMoves.Network? {
        guard path.status == .satisfied, let interface = path.availableInterfaces.first else { return nil }
        return NetworkMoves.Network(interface: interface.name, routers: Set(path.gateways.map { "\($0)" }))
    }

    /// Used only on the monitor's queue.
    private final class Moves: @unchecked Sendable {
        private var moves = NetworkMoves()

        func moves(to network: NetworkMoves.Network?) -> Bool {
            moves.moves(to: network)
        }
    }
}
#else

/// This system has no monitor for its network; the app calls `networkChanged()`.
final class NetworkWatcher: Sendable {
    init(core: FfiClient) {}
}
#endif
