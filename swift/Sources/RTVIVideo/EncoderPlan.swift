import RTVI

/// How an encoder must work for pictures of one size to meet a target.
struct EncoderPlan: Equatable, Sendable {
    /// The size of the encoded pictures: even, as 4:2:0 needs.
    let width: Int
    let height: Int
    let bitrate: Int
    let frameRate: Int
    /// The most bytes in one second, so that a key frame fits the largest frame.
    let bytesPerSecond: Int

    /// A picture keeps its proportions and is never enlarged. A portrait picture may use the
    /// target's longer side for its height.
    init(width: Int, height: Int, target: VideoTarget) {
        let (long, short) = (max(width, height, 1), max(min(width, height), 1))
        let sides = [Int(target.format.width), Int(target.format.height)]
        let (mostLong, mostShort) = (max(sides.max() ?? 0, 2), max(sides.min() ?? 0, 2))
        let scale = min(1, Double(mostLong) / Double(long), Double(mostShort) / Double(short))
        let scaled = { (side: Int) in max(2, Int((Double(side) * scale).rounded()) & ~1) }
        self.width = scaled(width)
        self.height = scaled(height)
        bitrate = max(Int(target.bitrate), 1_000)
        frameRate = max(Int(target.format.frameRate), 1)
        bytesPerSecond = max(min(bitrate / 8 * 3 / 2, Int(target.maxFrameSize)), 1_000)
    }

    /// Whether an encoder must begin again, with a key frame, for this plan instead of another.
    func needsNewEncoder(after other: Self?) -> Bool {
        other?.width != width || other?.height != height
    }
}
