// Declarations of Apple's Combine, as far as the package uses it: for the compiler on Linux only.
public final class ObservableObjectPublisher {
    public init() {}
    public func send() {}
}

public protocol ObservableObject: AnyObject {
    var objectWillChange: ObservableObjectPublisher { get }
}
