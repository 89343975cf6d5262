import Foundation
import RTVITypes

/// Rate and channels of audio. Samples are 16-bit little-endian PCM with interleaved channels
/// everywhere in this SDK.
public struct AudioFormat: Sendable, Equatable, Hashable {
    /// In Hz, 1,000 to 384,000.
    public var sampleRate: Int
    /// 1 to 8.
    public var channels: Int

    /// Creates a format.
    public init(sampleRate: Int, channels: Int = 1) {
        self.sampleRate = sampleRate
        self.channels = channels
    }
}

/// A device behind a ``PCMInput`` or ``PCMOutput``, which opens only while the client needs it.
///
/// The SDK calls it on one of its threads, one call at a time. A call must return at once: do the
/// work elsewhere.
public protocol AudioDeviceControl: AnyObject, Sendable {
    /// The client needs the device: begin to push or pull. May be called again after `stop`. Throw
    /// the reason if the device fails.
    func start() throws
    /// For a speaker: the user interrupted the bot, so drop audio that was pulled but not heard
    /// yet. The default does nothing.
    func flush()
    /// The client no longer needs the device: release it.
    func stop()
}

extension AudioDeviceControl {
    public func flush() {}
}

/// The app pushes the user's samples here. One client consumes the input.
public final class PCMInput: Sendable {
    /// The pace at which the app pushes.
    public enum Pace: Sendable {
        /// In real time, as from a device. The client catches up with late audio.
        case live
        /// Whenever there is room. The client takes the audio in real time.
        case paced
    }

    let ffi: FfiPcmInput

    /// Creates an input. Throws `invalidArgument` for an unsupported format.
    public init(format: AudioFormat, pace: Pace = .live, control: (any AudioDeviceControl)? = nil) throws {
        ffi = try translated {
            try FfiPcmInput(
                sampleRate: UInt32(clamping: format.sampleRate), channels: UInt16(clamping: format.channels),
                paced: pace == .paced, control: control.map(Control.init))
        }
    }

    /// Queues samples and returns how many bytes were taken: fewer than given when two seconds are
    /// already waiting. For one thread at a time. Never waits.
    ///
    /// Do not call it on a device's real-time thread, where allocations are forbidden: `Data` may
    /// allocate. Push from a thread that reads a ring of the app's own.
    @discardableResult
    public func push(_ pcm: Data) -> Int {
        Int(ffi.push(pcm: pcm))
    }

    /// Queues samples without copying them first and returns how many were taken. Creates a small
    /// object for each call.
    @discardableResult
    public func push(_ samples: UnsafeBufferPointer<Int16>) -> Int {
        guard let start = samples.baseAddress else { return 0 }
        let bytes = UnsafeMutableRawPointer(mutating: UnsafeRawPointer(start))
        let data = Data(bytesNoCopy: bytes, count: samples.count * MemoryLayout<Int16>.size, deallocator: .none)
        return push(data) / MemoryLayout<Int16>.size
    }

    /// The free space in bytes.
    public var freeSpace: Int { Int(ffi.freeSpace()) }

    /// Reports that the device failed while it was in use. The client emits a device error, sends
    /// silence, and starts the device again in the next session, or when the microphone is enabled
    /// after it was released.
    public func fail(_ error: RTVIError) {
        ffi.fail(error: error)
    }

    /// Ends the audio: silence follows the pushed samples.
    public func end() {
        ffi.end()
    }
}

/// The app pulls the bot's samples here. One client consumes the output.
public final class PCMOutput: Sendable {
    let ffi: FfiPcmOutput

    /// Creates an output. The app sets the pace: the client keeps 100 ms ready. Throws
    /// `invalidArgument` for an unsupported format.
    public init(format: AudioFormat, control: (any AudioDeviceControl)? = nil) throws {
        ffi = try translated {
            try FfiPcmOutput(
                sampleRate: UInt32(clamping: format.sampleRate), channels: UInt16(clamping: format.channels),
                control: control.map(Control.init))
        }
    }

    /// Returns up to `maxBytes` bytes, at most 1 MiB. If it returns fewer, play silence for the
    /// rest. For one thread at a time. Never waits.
    ///
    /// Allocates the data that it returns: do not call it on a device's real-time thread. Pull on
    /// another thread, into a ring of the app's own.
    public func pull(maxBytes: Int) -> Data {
        ffi.pull(maxBytes: UInt32(clamping: maxBytes))
    }

    /// Reports that the device failed while it was in use. The client emits a device error, discards
    /// the bot's audio, and starts the device again in the next session.
    public func fail(_ error: RTVIError) {
        ffi.fail(error: error)
    }
}

/// The source of the user's audio.
public enum Microphone: Sendable {
    /// The machine's microphone with the system's echo cancellation, on iOS and macOS. On other
    /// systems like ``none``.
    case device
    /// A desktop machine's microphone by its identifier, or `default` for the system's default. The
    /// core opens it and processes its audio. It need not exist yet; `updateMic` selects another
    /// one. Creating a client throws `unsupportedFeature` on iOS.
    case machine(id: String = "default")
    /// The client sends no audio.
    case none
    /// The samples that the app pushes.
    case pcm(PCMInput)
    /// A WAV file. Silence follows it unless it repeats.
    case wav(URL, repeats: Bool = false)
    /// An endless tone of `frequency` Hz, whose peaks reach `amplitude` (0 to 1) of full scale.
    /// Creating a client throws `invalidArgument` if the frequency is more than half the sample rate.
    case tone(frequency: Double, amplitude: Double = 0.3, sampleRate: Int = 16_000)
    /// Endless silence, as from a microphone in a quiet room. With ``none``, no audio is sent at all.
    case silence
}

/// The destination of the bot's audio.
public enum Speaker: Sendable {
    /// The machine's speaker, on iOS and macOS. On other systems like ``none``.
    case device
    /// A desktop machine's speaker by its identifier, or `default` for the system's default. The
    /// core opens it. Creating a client throws `unsupportedFeature` on iOS.
    case machine(id: String = "default")
    /// The client discards the audio at real-time rate.
    case none
    /// The app pulls the samples.
    case pcm(PCMOutput)
    /// A recording, complete when the client is closed. Creates the file, or truncates an existing
    /// one.
    case wav(URL, format: AudioFormat)
}

/// The app's device, in the form that the core calls.
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
