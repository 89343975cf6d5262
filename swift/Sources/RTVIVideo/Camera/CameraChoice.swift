import RTVI

/// The cameras of a device, and which of them is in use.
struct CameraChoice: Sendable {
    /// Which way a camera looks.
    enum Facing: Sendable { case front, back, other }

    struct Camera: Equatable, Sendable {
        let id: String
        let label: String
        let facing: Facing

        var device: MediaDevice { MediaDevice(deviceId: id, label: label) }
    }

    private(set) var cameras: [Camera]
    private(set) var used: Camera?

    /// Begins with a camera that looks this way, or with any other.
    init(cameras: [Camera], facing: Facing) {
        self.cameras = cameras
        used = cameras.first { $0.facing == facing } ?? cameras.first
    }

    /// Selects a camera by its identifier, by `front` or `back`, or the first one by `default`.
    mutating func select(_ id: String) throws -> Camera {
        let found = cameras.first { $0.id == id } ?? named(id)
        guard let found else { throw RTVIError(.device, "there is no camera `\(id)`", device: .notFound) }
        used = found
        return found
    }

    /// The camera that looks the other way, if there is one.
    mutating func flip() -> Camera? {
        let wanted: Facing = used?.facing == .front ? .back : .front
        guard let found = cameras.first(where: { $0.facing == wanted }) else { return nil }
        used = found
        return found
    }

    /// The cameras have changed. Returns whether the one in use is gone; another one takes its place.
    mutating func update(_ cameras: [Camera]) -> Bool {
        self.cameras = cameras
        guard let used, cameras.contains(used) else {
            self.used = cameras.first { $0.facing == used?.facing } ?? cameras.first
            return true
        }
        return false
    }

    private func named(_ name: String) -> Camera? {
        switch name {
        case "front": return cameras.first { $0.facing == .front }
        case "back": return cameras.first { $0.facing == .back }
        case "default": return cameras.first
        default: return nil
        }
    }
}
