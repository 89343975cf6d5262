/// How many blocks of 10 ms are kept ready for the speaker: 20 ms more than were ever played between
/// two checks in the last ten to twenty seconds. The device's cycle may be long, and a check late; a
/// single late check must not delay the bot for the rest of the call.
struct PlayoutDelay {
    /// The least and the largest number of blocks.
    static let least = 4, most = 16
    /// The number of checks in ten seconds.
    static let span = 1_000

    private var last = 0
    // The most blocks that these and the previous ten seconds needed.
    private var present = 0
    private var before = 0
    private var checks = 0

    /// The number of blocks to keep ready now.
    var target: Int { min(max(Self.least, present, before), Self.most) }

    /// Takes part in a check before the ring is filled, which holds this many blocks.
    mutating func check(waiting: Int) {
        checks += 1
        if checks == Self.span { (before, present, checks) = (present, 0, 0) }
        present = max(present, last - waiting + 2)
    }

    /// The ring was filled and holds this many blocks.
    mutating func filled(_ waiting: Int) {
        last = waiting
    }
}
