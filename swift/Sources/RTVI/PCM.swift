import Foundation
import RTVITypes

/// Rate and channels of audio. Samples are 16-bit little-endian PCM, channels interleaved, everywhere in this SDK.
public struct AudioFormat: Sendable, Equatable, Hashable {
    /// In Hz, 1,000 to 384,000.
    public var sampleRate: Int
    /// 1 to 8.
    public var channels: Int

    /// A format.
    public init(sampleRate: Int, channels: Int = 1) {
        self.sampleRate = sampleRate
        self.channels = channels
    }
}

/// A device behind a ``PCMInput`` or ``PCMOutput``, so that it is open only while it is wanted.
///
/// Called on a thread of the SDK, one call at a time. A call must return at once: do the work elsewhere.
public protocol AudioDeviceControl: AnyObject, Sendable {
    /// It is wanted: begin to push or pull. May come again after `stop`. What it throws is the reason for a failed device.
    func start() throws
    /// Of a speaker: the bot was interrupted, so drop what was pulled and is not heard yet. The default does nothing.
    func flush()
    /// It is not wanted any more: release the device.
    func stop()
}

extension AudioDeviceControl {
    public func flush() {}
}

/// Where the app pushes the user's samples. Used up by the client that it is given to.
public final class PCMInput: Sendable {
    /// How the app pushes.
    public enum Pace: Sendable {
        /// In real time, as from a device; what comes late is caught up with.
        case live
        /// Whenever there is room; the client takes it in real time.
        case paced
    }

    let ffi: FfiPcmInput

    /// An input. Throws `invalidArgument` for a format that can't be.
    public init(format: AudioFormat, pace: Pace = .live, control: (any AudioDeviceControl)? = nil) throws {
        ffi = try translated {
            try FfiPcmInput(
                sampleRate: UInt32(clamping: format.sampleRate), channels: UInt16(clamping: format.channels),
                paced: pace == .paced, control: control.map(Control.init))
        }
    }

    /// Puts samples behind those that wait and says how many bytes were taken: fewer than given when two seconds wait already. For one
    /// thread at a time. Never waits.
    ///
    /// Not for a device's real-time thread, where nothing may be allocated: `Data` may be. Push from a thread that reads a ring of the
    /// app's own.
    @discardableResult
    public func push(_ pcm: Data) -> Int {
        Int(ffi.push(pcm: pcm))
    }

    /// The same with samples, which are not copied on the way; says how many were taken. Makes a small object for each call.
    @discardableResult
    public func push(_ samples: UnsafeBufferPointer<Int16>) -> Int {
        guard let start = samples.baseAddress else { return 0 }
        let bytes = UnsafeMutableRawPointer(mutating: UnsafeRawPointer(start))
        let data = Data(bytesNoCopy: bytes, count: samples.count * MemoryLayout<Int16>.size, deallocator: .none)
        return push(data) / MemoryLayout<Int16>.size
    }

    /// How many bytes there is room for.
    public var freeSpace: Int { Int(ffi.freeSpace()) }

    /// Ends the audio: silence follows what was pushed.
    public func end() {
        ffi.end()
    }
}

/// Where the app pulls the bot's samples. Used up by the client that it is given to.
public final class PCMOutput: Sendable {
    let ffi: FfiPcmOutput

    /// An output. Paced by the app: 100 ms are kept ready. Throws `invalidArgument` for a format that can't be.
    public init(format: AudioFormat, control: (any AudioDeviceControl)? = nil) throws {
        ffi = try translated {
            try FfiPcmOutput(
                sampleRate: UInt32(clamping: format.sampleRate), channels: UInt16(clamping: format.channels),
                control: control.map(Control.init))
        }
    }

    /// Gives up to `maxBytes` bytes, at most 1 MiB: fewer when there is no more; play silence for the rest. For one thread at a time.
    /// Never waits.
    ///
    /// Allocates what it gives: not for a device's real-time thread. Pull on another, into a ring of the app's own.
    public func pull(maxBytes: Int) -> Data {
        ffi.pull(maxBytes: UInt32(clamping: maxBytes))
    }
}

/// Where the user's audio comes from.
public enum Microphone: Sendable {
    /// The microphone of the machine, with the system's echo cancellation, on iOS and macOS. Elsewhere as ``none``.
    case device
    /// A microphone of a desktop machine by its identifier, or `default` for the one that the system uses, opened by the core and cleaned by
    /// it. It need not be there yet, and `updateMic` chooses another. Making a client throws `unsupportedFeature` on iOS.
    case machine(id: String = "default")
    /// Nothing is sent.
    case none
    /// What the app pushes.
    case pcm(PCMInput)
    /// A WAV file; silence follows it unless it is repeated.
    case wav(URL, repeats: Bool = false)
}

/// Where the bot's audio goes.
public enum Speaker: Sendable {
    /// The speaker of the machine on iOS and macOS. Elsewhere as ``none``.
    case device
    /// A speaker of a desktop machine by its identifier, or `default` for the one that the system uses, opened by the core. Making a client
    /// throws `unsupportedFeature` on iOS.
    case machine(id: String = "default")
    /// It is played into nothing, in real time.
    case none
    /// What the app pulls.
    case pcm(PCMOutput)
    /// A recording, complete when the client is closed. Makes the file, or empties the one that is there.
    case wav(URL, format: AudioFormat)
}

/// The app's device, as the core calls it.
private final class Control: FfiMicrophoneControl, FfiSpeakerControl {
    private let control: any AudioDeviceControl

    init(_ control: any AudioDeviceControl) {
        self.control = control
    }

    func start() throws {
        do {
            try control.start()
        } catch {
            throw ffiError(of: error)
        }
    }

    func flush() throws { control.flush() }

    func stop() throws { control.stop() }
}
