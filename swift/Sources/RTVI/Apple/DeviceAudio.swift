#if canImport(AVFoundation) && (os(iOS) || os(macOS))
import AVFoundation

/// The microphone and speaker of an Apple device, through the system's voice processing: echo cancellation, noise suppression and gain.
///
/// One engine for both, because the canceller needs to hear what is played. It runs while either is wanted. All work is done on a
/// queue of its own; only the two audio callbacks run on the system's audio threads.
final class DeviceAudio: @unchecked Sendable {
    /// What crosses to the core.
    static let format = AudioFormat(sampleRate: 48_000, channels: 1)

    private(set) var input: PCMInput?
    private(set) var output: PCMOutput?

    // All below is used on the queue only.
    private let queue = DispatchQueue(label: "ai.rtvi.device-audio")
    private let session: AudioSessionKeeper
    private var engine: AVAudioEngine?
    private var wantsMic = false
    private var wantsSpeaker = false

    init(policy: AudioSessionPolicy) throws {
        session = AudioSessionKeeper(policy: policy)
        input = try PCMInput(format: Self.format, control: Side { [weak self] in self?.want(mic: $0) })
        output = try PCMOutput(format: Self.format, control: Side { [weak self] in self?.want(speaker: $0) })
        session.onChange = { [weak self] in self?.restart() }
    }

    deinit {
        engine?.stop()
    }

    private func want(mic: Bool? = nil, speaker: Bool? = nil) {
        queue.async { [self] in
            wantsMic = mic ?? wantsMic
            wantsSpeaker = speaker ?? wantsSpeaker
            rebuild()
        }
    }

    /// After an interruption, or when the route has changed.
    private func restart() {
        queue.async { [self] in rebuild() }
    }

    private func rebuild() {
        engine?.stop()
        engine = nil
        guard wantsMic || wantsSpeaker else { return session.deactivate() }
        do {
            try session.activate()
            let engine = try makeEngine()
            engine.prepare()
            try engine.start()
            self.engine = engine
        } catch {
            // Without the device the session goes on in silence; the system tells when another try makes sense.
            engine?.stop()
            engine = nil
        }
    }

    private func makeEngine() throws -> AVAudioEngine {
        let engine = AVAudioEngine()
        try engine.inputNode.setVoiceProcessingEnabled(true)
        if wantsSpeaker, let output { play(output, on: engine) }
        if wantsMic, let input { capture(engine, to: input) }
        return engine
    }

    private func play(_ output: PCMOutput, on engine: AVAudioEngine) {
        guard let format = AVAudioFormat(standardFormatWithSampleRate: Double(Self.format.sampleRate), channels: 1) else { return }
        let source = AVAudioSourceNode(format: format) { isSilence, _, frames, buffers -> OSStatus in
            let list = UnsafeMutableAudioBufferListPointer(buffers)
            guard let samples = list.first?.mData?.assumingMemoryBound(to: Float.self) else { return noErr }
            let pcm = output.pull(maxBytes: Int(frames) * MemoryLayout<Int16>.size)
            let count = pcm.withUnsafeBytes { bytes -> Int in
                let pulled = bytes.bindMemory(to: Int16.self)
                for index in 0..<pulled.count { samples[index] = Float(pulled[index]) / 32_768 }
                return pulled.count
            }
            for index in count..<Int(frames) { samples[index] = 0 }
            isSilence.pointee = ObjCBool(count == 0)
            return noErr
        }
        engine.attach(source)
        engine.connect(source, to: engine.mainMixerNode, format: format)
    }

    private func capture(_ engine: AVAudioEngine, to input: PCMInput) {
        let node = engine.inputNode
        let format = node.outputFormat(forBus: 0)
        let wanted = AVAudioFormat(
            commonFormat: .pcmFormatInt16, sampleRate: Double(Self.format.sampleRate), channels: 1, interleaved: true)
        guard format.sampleRate > 0, let wanted, let converter = AVAudioConverter(from: format, to: wanted) else { return }
        let frames = AVAudioFrameCount(format.sampleRate / 50)
        node.installTap(onBus: 0, bufferSize: frames, format: format) { buffer, _ in
            let ratio = wanted.sampleRate / format.sampleRate
            let capacity = AVAudioFrameCount(Double(buffer.frameLength) * ratio) + 16
            guard let converted = AVAudioPCMBuffer(pcmFormat: wanted, frameCapacity: capacity) else { return }
            var isTaken = false
            converter.convert(to: converted, error: nil) { _, status in
                status.pointee = isTaken ? .noDataNow : .haveData
                defer { isTaken = true }
                return isTaken ? nil : buffer
            }
            guard let samples = converted.int16ChannelData?[0] else { return }
            input.push(UnsafeBufferPointer(start: samples, count: Int(converted.frameLength)))
        }
    }

    /// One of the two devices, as the core wants and releases it.
    private final class Side: AudioDeviceControl {
        private let want: @Sendable (Bool) -> Void

        init(_ want: @escaping @Sendable (Bool) -> Void) {
            self.want = want
        }

        func start() throws {
            try AudioPermission.check()
            want(true)
        }

        func stop() {
            want(false)
        }
    }
}

/// Whether the user lets the app use the microphone.
enum AudioPermission {
    /// Throws `device` when the user has refused. Asking is left to the app, which knows when; the system asks by itself on first use.
    static func check() throws {
        let status = AVCaptureDevice.authorizationStatus(for: .audio)
        if status == .denied || status == .restricted {
            throw RTVIError(.device, "the user does not let the app use the microphone")
        }
    }
}
#else

/// No devices on this system.
final class DeviceAudio: Sendable {
    let input: PCMInput? = nil
    let output: PCMOutput? = nil

    init(policy: AudioSessionPolicy) throws {}
}
#endif
