#if canImport(SwiftUI)
import SwiftUI

/// How loud one side of a call is, as bars that dance.
///
///     LevelView("You", \.user, of: call.levels)
///     LevelView("Bot", \.bot, of: call.levels).foregroundStyle(.blue)
public struct LevelView: View {
    private let name: String
    private let side: KeyPath<AudioLevels, Float>
    @ObservedObject private var levels: AudioLevels

    /// Shows one side of the levels. `name` is what VoiceOver says.
    public init(_ name: String, _ side: KeyPath<AudioLevels, Float>, of levels: AudioLevels) {
        self.name = name
        self.side = side
        self.levels = levels
    }

    public var body: some View {
        let level = levels[keyPath: side]
        HStack(alignment: .center, spacing: 3) {
            ForEach(LevelBars.heights(of: level)) { bar in
                Capsule().frame(width: 4, height: bar.height)
            }
        }
        .frame(height: LevelBars.highest)
        .animation(.linear(duration: 0.1), value: level)
        .accessibilityElement(children: .ignore)
        .accessibilityLabel(name)
        .accessibilityValue("\(Int((level * 100).rounded())) %")
    }
}
#endif
