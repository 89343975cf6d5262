import Dispatch

/// How often devices are opened anew by themselves: five times within half a minute, so that devices which stop as soon as they are open
/// don't go on for ever.
struct Attempts {
    private static let most = 5
    private static let span: UInt64 = 30_000_000_000

    private var made: [UInt64] = []

    /// After what time to try again, in which several changes of one cause are over; nothing when it was often enough.
    mutating func next(now: UInt64 = DispatchTime.now().uptimeNanoseconds) -> DispatchTimeInterval? {
        made.removeAll { $0 + Self.span < now }
        guard made.count < Self.most else { return nil }
        made.append(now)
        return .milliseconds(250 << (made.count - 1))
    }
}
