import Observation

#if canImport(Combine)
import Combine
#endif

/// Those that observe an object, by Observation since iOS 17 and macOS 14 and as an `ObservableObject` on
/// every Apple system: each read and each change of its property passes here.
///
/// Everything that changes is on the main actor; anybody may subscribe to the publisher.
struct Observers: @unchecked Sendable {
    #if canImport(Combine)
    let publisher = ObservableObjectPublisher()
    #endif
    /// A `Ticker`, where the system has Observation.
    private let ticker: AnyObject?

    @MainActor
    init() {
        if #available(iOS 17, macOS 14, *) {
            ticker = Ticker()
        } else {
            ticker = nil
        }
    }

    /// Somebody reads the property.
    @MainActor
    func read() {
        if #available(iOS 17, macOS 14, *) { _ = (ticker as? Ticker)?.ticks }
    }

    /// The property changes after this.
    @MainActor
    func willChange() {
        #if canImport(Combine)
        publisher.send()
        #endif
        if #available(iOS 17, macOS 14, *) { (ticker as? Ticker)?.ticks &+= 1 }
    }
}

/// What Observation tracks in place of the property.
@available(iOS 17, macOS 14, *)
@MainActor
@Observable
private final class Ticker {
    var ticks = 0
}
