/// Decides when the device has moved to another network.
struct NetworkMoves {
    /// The network in use, such as the name of its interface and its routers; `nil` before the first.
    private var current: [String]?

    /// The system uses this network from now on; empty for none. Returns whether a call must move to it.
    ///
    /// A gap between two networks is no move: the client notices by itself that it hears nothing, and
    /// there is nowhere to go.
    mutating func moves(to network: [String]) -> Bool {
        guard !network.isEmpty, network != current else { return false }
        defer { current = network }
        return current != nil
    }
}
