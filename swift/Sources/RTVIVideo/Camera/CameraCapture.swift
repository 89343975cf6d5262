#if canImport(UIKit) && canImport(VideoToolbox)
import AVFoundation
import Foundation
import RTVI

/// The capture session of a ``CameraSource``. All work runs on a queue of its own.
final class CameraCapture: NSObject, VideoInputControl, AVCaptureVideoDataOutputSampleBufferDelegate, @unchecked Sendable {
    let session = AVCaptureSession()

    private let queue = DispatchQueue(label: "ai.rtvi.camera", qos: .userInitiated)
    private let pictures = AVCaptureVideoDataOutput()

    // Everything below is used only on the queue.
    private var choice: CameraChoice
    private var wanted = VideoFormat(width: 640, height: 480, frameRate: 24)
    /// What the client demanded last.
    private var target: VideoTarget?
    private var device: AVCaptureDeviceInput?
    /// The rate to which the camera was limited last.
    private var limit: UInt32 = 0
    private var encoder: VideoEncoder?
    /// Present while the client needs pictures.
    private var input: VideoInput?
    private var watch: CameraWatch?
    private var hold = CameraRotation.Hold.portrait
    private var size = CGSize.zero
    private var listeners: [ObjectIdentifier: @Sendable (CGSize) -> Void] = [:]

    init(facing: CameraChoice.Facing) {
        choice = CameraChoice(cameras: CameraCatalog.cameras, facing: facing)
        super.init()
    }

    /// Reports which cameras there are.
    func report(to input: VideoInput) {
        input.devicesChanged(choice.cameras.map(\.device))
        if let used = choice.used { input.deviceUsed(used.device) }
    }

    func start(wanted: VideoFormat, input: VideoInput) throws {
        if CameraCatalog.isDenied { throw CameraTrouble.denied.error ?? RTVIError(.device, "denied") }
        queue.async { [self] in
            (self.wanted, self.input, target) = (wanted, input, nil)
            CameraCatalog.ask { [weak self] isGranted in self?.answered(isGranted) }
        }
    }

    func setTarget(_ target: VideoTarget) {
        queue.async { [self] in
            self.target = target
            encoder?.target = target
            if target.format.frameRate != limit { limitRate(target.format.frameRate) }
        }
    }

    func requestKeyFrame() {
        queue.async { [self] in encoder?.request() }
    }

    func select(deviceId: String) throws {
        let camera = try queue.sync { try choice.select(deviceId) }
        queue.async { [self] in use(camera) }
    }

    func stop() {
        queue.async { [self] in close() }
    }

    func flip() {
        queue.async { [self] in choice.flip().map(use) }
    }

    func setTorch(_ on: Bool) {
        queue.async { [self] in light(on) }
    }

    func listen(for layer: CALayer, onSize: @escaping @Sendable (CGSize) -> Void) {
        let key = ObjectIdentifier(layer)
        queue.async { [self] in
            listeners[key] = onSize
            if size != .zero { onSize(size) }
        }
    }

    func forget(_ layer: CALayer) {
        let key = ObjectIdentifier(layer)
        queue.async { [self] in listeners[key] = nil }
    }

    func captureOutput(_ output: AVCaptureOutput, didOutput sample: CMSampleBuffer, from connection: AVCaptureConnection) {
        guard let encoder, let picture = CMSampleBufferGetImageBuffer(sample) else { return }
        let now = CGSize(width: CVPixelBufferGetWidth(picture), height: CVPixelBufferGetHeight(picture))
        if now != size {
            size = now
            listeners.values.forEach { $0(now) }
        }
        encoder.encode(picture)
    }

    private func answered(_ isGranted: Bool) {
        queue.async { [self] in
            guard input != nil else { return }
            isGranted ? open() : fail(.denied)
        }
    }

    private func open() {
        guard let input else { return }
        let target = target ?? VideoTarget(format: wanted, bitrate: 600_000, maxFrameSize: 144_000)
        encoder = VideoEncoder(input: input, target: target)
        watch = CameraWatch(session: session) { [weak self] event in self?.on(event) }
        guard let camera = choice.used else { return fail(.gone) }
        use(camera)
        if device != nil { session.startRunning() }
    }

    private func close() {
        light(false)
        session.stopRunning()
        watch = nil
        encoder = nil
        input = nil
    }

    private func fail(_ trouble: CameraTrouble) {
        if let error = trouble.error { input?.fail(error) }
    }

    private func on(_ event: CameraWatch.Event) {
        queue.async { [self] in
            switch event {
            case .held(let hold): turn(hold)
            case .background: light(false)
            case .trouble(.servicesReset) where input != nil: session.startRunning()
            case .trouble(let trouble): fail(trouble)
            case .devicesChanged: refresh()
            }
        }
    }

    /// Puts this camera into the session. The client learns which one is used.
    private func use(_ camera: CameraChoice.Camera) {
        guard input != nil else { return }
        light(false)
        do {
            let new = try AVCaptureDeviceInput(device: CameraCatalog.device(camera.id))
            session.beginConfiguration()
            if let device { session.removeInput(device) }
            let fits = session.canAddInput(new)
            if fits { session.addInput(new) }
            device = fits ? new : nil
            configure()
            session.commitConfiguration()
            guard fits else { return fail(.failed("it can't be used")) }
        } catch {
            return fail(.failed(error.localizedDescription))
        }
        limitRate(target?.format.frameRate ?? wanted.frameRate)
        turn(hold)
        encoder?.request()
        input?.deviceUsed(camera.device)
    }

    private func configure() {
        let preset = AVCaptureSession.Preset(rawValue: CapturePreset.name(for: wanted))
        if session.canSetSessionPreset(preset) { session.sessionPreset = preset }
        guard !session.outputs.contains(where: { $0 === pictures }), session.canAddOutput(pictures) else { return }
        pictures.alwaysDiscardsLateVideoFrames = true
        pictures.setSampleBufferDelegate(self, queue: queue)
        session.addOutput(pictures)
    }

    /// The pictures are turned by the system. They are not mirrored: the bot must read text.
    private func turn(_ hold: CameraRotation.Hold) {
        self.hold = hold == .flat ? self.hold : hold
        guard let connection = pictures.connection(with: .video) else { return }
        let isFront = device?.device.position == .front
        if connection.isVideoMirroringSupported {
            connection.automaticallyAdjustsVideoMirroring = false
            connection.isVideoMirrored = false
        }
        if #available(iOS 17, *) {
            guard let degrees = CameraRotation.degrees(hold: self.hold, isFront: isFront) else { return }
            let angle = CGFloat(degrees)
            if connection.isVideoRotationAngleSupported(angle) { connection.videoRotationAngle = angle }
        } else if connection.isVideoOrientationSupported,
            let raw = CameraRotation.videoOrientation(hold: self.hold),
            let orientation = AVCaptureVideoOrientation(rawValue: raw)
        {
            connection.videoOrientation = orientation
        }
    }

    private func limitRate(_ rate: UInt32) {
        limit = rate
        guard let camera = device?.device else { return }
        let supported = camera.activeFormat.videoSupportedFrameRateRanges
        let frames = min(Double(max(rate, 1)), supported.map(\.maxFrameRate).max() ?? 30)
        let isIn = supported.contains { $0.minFrameRate <= frames && frames <= $0.maxFrameRate }
        guard isIn, (try? camera.lockForConfiguration()) != nil else { return }
        camera.activeVideoMinFrameDuration = CMTime(value: 1, timescale: CMTimeScale(frames))
        camera.unlockForConfiguration()
    }

    private func light(_ on: Bool) {
        guard let camera = device?.device, camera.hasTorch, camera.isTorchAvailable || !on else { return }
        guard camera.torchMode != (on ? .on : .off), (try? camera.lockForConfiguration()) != nil else { return }
        camera.torchMode = on ? .on : .off
        camera.unlockForConfiguration()
    }

    private func refresh() {
        let isGone = choice.update(CameraCatalog.cameras)
        input?.devicesChanged(choice.cameras.map(\.device))
        guard isGone else { return }
        choice.used.map(use) ?? fail(.gone)
    }
}
#endif
