// Declarations of Apple's Network, as far as RTVI uses it: for the compiler on Linux only.
import Dispatch

public struct NWInterface: Sendable {
    public var name: String { "" }
}

public struct NWEndpoint: Sendable {}

public struct NWPath: Sendable {
    public enum Status: Sendable { case satisfied, unsatisfied, requiresConnection }
    public var status: Status { .satisfied }
    public var availableInterfaces: [NWInterface] { [] }
    public var gateways: [NWEndpoint] { [] }
}

public final class NWPathMonitor: @unchecked Sendable {
    public init() {}
    public var pathUpdateHandler: (@Sendable (NWPath) -> Void)?
    public func start(queue: DispatchQueue) {}
    public func cancel() {}
}
