import RTVI
import Foundation

/// What a decoder can do with the frames of a stream: begins with a key frame, and needs a new one
/// after a failure or for a view that appears later.
package struct DecoderState: Sendable {
    /// What to do with a frame.
    package struct Step: Equatable, Sendable {
        package let slices: [Data]
        /// The parameter sets that apply.
        package let parameters: ParameterSets
        /// Whether they differ from those before.
        package let isNewFormat: Bool
        package let isKey: Bool
    }

    private var parameters: ParameterSets?
    /// Whether nothing can be shown before a key frame arrives.
    package private(set) var needsKeyFrame = true

    package init() {}

    /// The step for a frame; `nil` if it can't be decoded.
    package mutating func take(_ frame: EncodedVideoFrame) -> Step? {
        guard frame.codec == .h264, let unit = AccessUnit(annexB: frame.data) else {
            needsKeyFrame = true
            return nil
        }
        let isKey = frame.isKey && unit.isKey
        guard isKey || !needsKeyFrame, let present = unit.parameters ?? parameters else {
            needsKeyFrame = true
            return nil
        }
        let isNew = present != parameters
        parameters = present
        needsKeyFrame = false
        return Step(slices: unit.slices, parameters: present, isNewFormat: isNew, isKey: isKey)
    }

    /// The decoder failed, or a view appeared that has seen nothing yet.
    package mutating func restart() {
        needsKeyFrame = true
        parameters = nil
    }
}
