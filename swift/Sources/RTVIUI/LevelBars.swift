import Foundation

/// The bars of a ``LevelView``. Pure.
enum LevelBars {
    /// One of them.
    struct Bar: Identifiable, Equatable {
        let id: Int
        let height: CGFloat
    }

    static let highest: CGFloat = 24
    private static let lowest: CGFloat = 4
    /// How much of the level each bar shows: the middle one all of it.
    private static let shares: [CGFloat] = [0.4, 0.7, 1, 0.7, 0.4]

    /// The bars for a level. Speech is rarely louder than a third of full scale, so its root is shown.
    static func heights(of level: Float) -> [Bar] {
        let shown = level.isFinite ? CGFloat(min(max(level, 0), 1)).squareRoot() : 0
        return shares.enumerated().map { Bar(id: $0, height: lowest + (highest - lowest) * shown * $1) }
    }
}
