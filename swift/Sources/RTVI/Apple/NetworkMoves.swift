/// Decides when the device has moved to another network.
struct NetworkMoves {
    /// What tells networks apart.
    struct Network: Equatable {
        /// The name of the preferred interface.
        var interface: String
        /// Its routers. Another Wi-Fi has the same interface.
        var routers: Set<String>
    }

    /// The network in use; `nil` before the first.
    private var current: Network?

    /// The system uses this network from now on; `nil` for none. Returns whether a call must move to it.
    ///
    /// A gap between two networks is no move: the client notices by itself that it hears nothing, and
    /// there is nowhere to go. Nor is a router that is found later than another.
    mutating func moves(to network: Network?) -> Bool {
        guard let network else { return false }
        defer { current = network }
        guard let current else { return false }
        let hasRouters = !network.routers.isEmpty && !current.routers.isEmpty
        return network.interface != current.interface || (hasRouters && network.routers.isDisjoint(with: current.routers))
    }
}
