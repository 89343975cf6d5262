/// A change of the audio session that concerns the devices.
enum SessionChange: Equatable {
    /// The devices must be reopened, whatever their state.
    case lost
    /// Devices that failed to open are worth another try.
    case retry
    /// The app's session is no longer active.
    case inactive
    /// The system has taken the devices away for now.
    case interrupted

    /// What a notification about an interruption means, by the numbers in it. Without the hint to
    /// resume, the devices wait until the app becomes active.
    init?(interruption type: UInt?, options: UInt?) {
        switch type {
        case 1: self = .interrupted
        case 0: self = (options ?? 0) & 1 == 1 ? .lost : .retry
        default: return nil
        }
    }
}
