import SwiftUI

/// How loud somebody is.
struct LevelView: View {
    let name: String
    /// 0 to 1.
    let level: Float

    var body: some View {
        ProgressView(value: min(max(level, 0), 1)) { Text(name) }
            .animation(.linear(duration: 0.1), value: level)
    }
}
