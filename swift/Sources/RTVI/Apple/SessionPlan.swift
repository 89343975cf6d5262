/// How the audio session of an iOS app is set up for the clients that share it.
struct SessionPlan: Equatable {
    /// What a client needs from the session.
    struct Claim: Equatable {
        var microphone: Bool
        var earpiece: Bool
    }

    /// Whether somebody records: then the session is that of a call, otherwise one for playback.
    let isCall: Bool
    /// Whether a call without a headset is on the loudspeaker.
    let usesLoudspeaker: Bool

    /// One client that wants the loudspeaker outweighs those that want the earpiece.
    init(_ claims: some Sequence<Claim>) {
        var isCall = false, usesLoudspeaker = false
        for claim in claims {
            isCall = isCall || claim.microphone
            usesLoudspeaker = usesLoudspeaker || !claim.earpiece
        }
        (self.isCall, self.usesLoudspeaker) = (isCall, isCall && usesLoudspeaker)
    }
}
