#if canImport(AVFoundation)
import AVFoundation

/// A running engine with the devices it was created for. With a microphone, it runs the system's
/// voice processing for both, because the canceller needs to hear the output. Without one, it
/// leaves the microphone alone, so that the system neither asks for nor indicates it.
///
/// Used on one queue.
final class DeviceEngine: @unchecked Sendable {
    let hasMicrophone: Bool

    private let engine = AVAudioEngine()
    private var listener: MicrophoneFeed?
    private var player: SpeakerFeed?
    private var observer: (any NSObjectProtocol)?

    /// Opens the given devices; throws the reason if one of them is unusable. `onChange` is called
    /// on any thread when the system may have stopped the engine, for example for another device.
    init(microphone: PCMInput?, speaker: PCMOutput?, onChange: @escaping @Sendable () -> Void) throws {
        hasMicrophone = microphone != nil
        do {
            // The format of a device may change between a look at it and its use.
            try withoutExceptions { try self.open(microphone, speaker, onChange) }
        } catch {
            stop()
            throw error
        }
    }

    var isRunning: Bool { engine.isRunning }

    /// Closes the devices. May take as long as the system does.
    func stop() {
        if let observer { NotificationCenter.default.removeObserver(observer) }
        observer = nil
        player?.stop()
        listener?.stop()
        engine.stop()
    }

    private func open(
        _ microphone: PCMInput?, _ speaker: PCMOutput?, _ onChange: @escaping @Sendable () -> Void
    ) throws {
        if microphone != nil { try engine.inputNode.setVoiceProcessingEnabled(true) }
        if let speaker { player = try play(speaker) }
        if let microphone { listener = try listen(microphone) }
        observer = NotificationCenter.default.addObserver(
            forName: .AVAudioEngineConfigurationChange, object: engine, queue: nil
        ) { _ in onChange() }
        engine.prepare()
        try engine.start()
    }

    private func listen(_ microphone: PCMInput) throws -> MicrophoneFeed {
        let feed = try MicrophoneFeed(engine.inputNode, to: microphone)
        engine.attach(feed.node)
        engine.connect(engine.inputNode, to: feed.node, format: feed.format)
        return feed
    }

    private func play(_ speaker: PCMOutput) throws -> SpeakerFeed {
        let device = engine.outputNode.outputFormat(forBus: 0)
        guard
            device.sampleRate > 0, device.channelCount > 0,
            let format = AVAudioFormat(standardFormatWithSampleRate: Double(DeviceAudio.format.sampleRate), channels: 1)
        else {
            throw RTVIError(.device, "there is no usable speaker", device: .notFound)
        }
        let feed = SpeakerFeed(speaker, format: format)
        engine.attach(feed.node)
        engine.connect(feed.node, to: engine.mainMixerNode, format: format)
        return feed
    }
}
#endif
