import Foundation

/// Chooses which pictures are encoded: as many as the target's rate, and the last one again while
/// nothing moves.
///
/// Servers decode a frame only when the next one begins, so the last picture of a still screen would
/// never be seen if it were sent once. Times are in seconds.
struct FramePacer: Sendable {
    /// A picture is repeated after this time without a new one.
    static let repeatAfter: TimeInterval = 0.5

    var frameRate: Int
    private var due: TimeInterval = 0
    private var last: TimeInterval?

    init(frameRate: Int) {
        self.frameRate = frameRate
    }

    /// Whether a new picture is encoded now. Cameras deliver a little early or late.
    mutating func takes(at now: TimeInterval) -> Bool {
        let period = 1 / Double(max(frameRate, 1))
        guard now + period / 4 >= due else { return false }
        due = max(due + period, now + period / 2)
        last = now
        return true
    }

    /// Whether the last picture is encoded once more now.
    mutating func repeats(at now: TimeInterval) -> Bool {
        guard let last, now - last >= Self.repeatAfter else { return false }
        self.last = now
        return true
    }
}
