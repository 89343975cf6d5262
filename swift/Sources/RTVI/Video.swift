import RTVITypes

/// A camera or screen behind a ``VideoInput``, with its encoder. It is open only while the client
/// needs it.
///
/// The SDK calls it on one of its threads, one call at a time. A call must return at once, but for
/// `start` and `stop`, which may take as long as the device does.
public protocol VideoInputControl: AnyObject, Sendable {
    /// The client needs pictures: push them to `input`, beginning with a key frame and as close to
    /// `wanted` as possible. Keep `input` until `stop`. Throw the reason if the device fails. Called
    /// again after `stop`.
    func start(wanted: VideoFormat, input: VideoInput) throws
    /// Frames must meet this target from now on. Also called once when the first ones are needed.
    func setTarget(_ target: VideoTarget)
    /// The next frame must be a key frame.
    func requestKeyFrame()
    /// The app selects another device. Report the result by ``VideoInput/deviceUsed(_:)``, or throw
    /// the reason why it failed. The default throws.
    func select(deviceId: String) throws
    /// The client needs no more pictures: release the device.
    func stop()
}

extension VideoInputControl {
    public func select(deviceId: String) throws {
        throw RTVIError(.device, "there is no other device to select", device: .notFound)
    }
}

/// A source of video for ``PipecatClientOptions/camera`` and ``PipecatClientOptions/screen``.
public protocol VideoProvider: AnyObject, Sendable {
    /// The input that the client consumes. Always the same.
    var input: VideoInput { get }
}

/// The app pushes the encoded frames of a camera or a screen here. One client consumes the input.
///
/// No method waits, and any thread may call it.
public final class VideoInput: VideoProvider {
    let ffi: FfiVideoInput
    private let control: any VideoInputControl
    private let link: Link

    /// Creates an input for frames of one codec. With `hasDevices`, there are several devices to
    /// select from; report them by ``devicesChanged(_:)``.
    public init(codec: VideoCodec, hasDevices: Bool = false, control: any VideoInputControl) {
        self.control = control
        link = Link(control)
        ffi = FfiVideoInput(codec: codec, hasDevices: hasDevices, control: link)
        link.input = self
    }

    /// The same input.
    public var input: VideoInput { self }

    /// Passes a frame to the client. Returns `false` if it was dropped, because the client needs no
    /// pictures now, or because the frame does not continue the ones before. Eight frames wait: a
    /// ninth drops them, and the frames up to the next key frame, which the client requests. Throws
    /// `invalidArgument` for another codec and for an unsupported size.
    @discardableResult
    public func push(_ frame: EncodedVideoFrame) throws -> Bool {
        try translated { try ffi.push(frame: frame) }
    }

    /// Reports that the device failed. The client emits a device error, for a screen a screen share
    /// error, and starts the device again when the app enables it again.
    public func fail(_ error: RTVIError) {
        ffi.fail(error: error)
    }

    /// Reports which devices there are, at first and after every change.
    public func devicesChanged(_ devices: [MediaDevice]) {
        ffi.devicesChanged(devices: devices)
    }

    /// Reports the device that is used from now on.
    public func deviceUsed(_ device: MediaDevice) {
        ffi.deviceUsed(device: device)
    }
}

/// Shows the bot's video: ``PipecatClientOptions/display``.
///
/// The SDK calls it on one of its threads, one call at a time.
public protocol VideoDisplay: AnyObject, Sendable {
    /// The codecs that it can decode, the preferred one first. Must not change.
    var codecs: [VideoCodec] { get }
    /// Takes a frame to decode and show now. The first one, and the first one after a gap, is a key
    /// frame. May block for less than the time of a frame. An error is a failure: the client emits a
    /// device error and shows nothing more.
    func write(_ frame: EncodedVideoFrame) throws
    /// Whether it can't continue without a key frame. Asked after each frame; the client then writes
    /// nothing before the next key frame, and requests one.
    var needsKeyFrame: Bool { get }
    /// The bot's video has ended. Other video may follow.
    func stop()
}

/// The app's camera or screen, in the form that the core calls. It keeps neither alive: the client
/// keeps the input, and a running device keeps itself.
private final class Link: FfiVideoControl, @unchecked Sendable {
    private weak var control: (any VideoInputControl)?
    /// Set once, before anything is called.
    weak var input: VideoInput?

    init(_ control: any VideoInputControl) {
        self.control = control
    }

    func start(wanted: VideoFormat) throws {
        guard let control, let input else { throw RTVIError(.device, "the video source was released").ffi }
        try told { try control.start(wanted: wanted, input: input) }
    }

    func setTarget(target: VideoTarget) throws { control?.setTarget(target) }

    func requestKeyFrame() throws { control?.requestKeyFrame() }

    func select(deviceId: String) throws {
        try told { try control?.select(deviceId: deviceId) }
    }

    func stop() throws { control?.stop() }

    private func told(_ body: () throws -> Void) throws {
        do {
            try body()
        } catch {
            throw ffiError(of: error)
        }
    }
}

/// The app's display, in the form that the core calls.
final class DisplayLink: FfiVideoDisplay {
    private let display: any VideoDisplay

    init(_ display: any VideoDisplay) {
        self.display = display
    }

    func codecs() throws -> [VideoCodec] { display.codecs }

    func write(frame: EncodedVideoFrame) throws {
        do {
            try display.write(frame)
        } catch {
            throw ffiError(of: error)
        }
    }

    func needsKeyFrame() throws -> Bool { display.needsKeyFrame }

    func stop() throws { display.stop() }
}
