// Declarations of Apple's CallKit, as far as RTVICallKit uses it: for the compiler on Linux only.
@_exported import AVFAudio

public final class CXHandle: NSObject {
    public enum HandleType: Hashable, Sendable { case generic, phoneNumber, emailAddress }
    public init(type: HandleType, value: String) {}
}

open class CXAction: NSObject {
    public func fulfill() {}
}

public final class CXStartCallAction: CXAction {
    public init(call: UUID, handle: CXHandle) {}
}

public final class CXEndCallAction: CXAction {
    public init(call: UUID) {}
}

public final class CXSetMutedCallAction: CXAction {
    public init(call: UUID, muted: Bool) {}
    public var isMuted: Bool { false }
}

public final class CXSetHeldCallAction: CXAction {
    public init(call: UUID, onHold: Bool) {}
    public var isOnHold: Bool { false }
}

public final class CXTransaction: NSObject {
    public init(action: CXAction) {}
}

public final class CXCallController: NSObject {
    public override init() {}
    public func request(_ transaction: CXTransaction, completion: @escaping @Sendable ((any Error)?) -> Void) {}
}

public final class CXProviderConfiguration: NSObject {
    public override init() {}
    public var maximumCallGroups = 0
    public var maximumCallsPerCallGroup = 0
    public var supportedHandleTypes: Set<CXHandle.HandleType> = []
}

public enum CXCallEndedReason: Int { case failed = 1, remoteEnded }

public protocol CXProviderDelegate: NSObjectProtocol {
    func providerDidReset(_ provider: CXProvider)
    func provider(_ provider: CXProvider, perform action: CXStartCallAction)
    func provider(_ provider: CXProvider, perform action: CXEndCallAction)
    func provider(_ provider: CXProvider, perform action: CXSetMutedCallAction)
    func provider(_ provider: CXProvider, perform action: CXSetHeldCallAction)
    func provider(_ provider: CXProvider, didActivate session: AVAudioSession)
    func provider(_ provider: CXProvider, didDeactivate session: AVAudioSession)
}

public final class CXProvider: NSObject {
    public init(configuration: CXProviderConfiguration) {}
    public func setDelegate(_ delegate: (any CXProviderDelegate)?, queue: DispatchQueue?) {}
    public func invalidate() {}
    public func reportOutgoingCall(with id: UUID, startedConnectingAt date: Date?) {}
    public func reportOutgoingCall(with id: UUID, connectedAt date: Date?) {}
    public func reportCall(with id: UUID, endedAt date: Date?, reason: CXCallEndedReason) {}
}
