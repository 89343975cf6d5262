import Dispatch

/// Limits how often devices are reopened automatically: five times within half a minute, so that
/// devices that stop as soon as they open don't cause an endless loop. Devices that keep running are
/// a success, after which all attempts are free again.
struct Attempts {
    /// How long devices must run to be a success.
    static let success = DispatchTimeInterval.seconds(2)

    private static let most = 5
    private static let span: UInt64 = 30_000_000_000

    private var made: [UInt64] = []

    /// The delay before the next attempt, long enough for several changes with one cause to pass;
    /// `nil` when there were too many attempts.
    mutating func next(now: UInt64 = DispatchTime.now().uptimeNanoseconds) -> DispatchTimeInterval? {
        made.removeAll { $0 + Self.span < now }
        guard made.count < Self.most else { return nil }
        made.append(now)
        return .milliseconds(250 << (made.count - 1))
    }
}
