#if canImport(AVFoundation) && (os(iOS) || os(macOS))
import AVFoundation

/// A running engine with the devices it was created for. With a microphone, it runs the system's
/// voice processing for both, because the canceller needs to hear the output. Without one, it
/// leaves the microphone alone, so that the system neither asks for nor indicates it.
///
/// Used on one queue.
final class DeviceEngine: @unchecked Sendable {
    let hasMicrophone: Bool

    private let engine = AVAudioEngine()
    private var tap: MicrophoneTap?
    private var feed: SpeakerFeed?
    private var observer: (any NSObjectProtocol)?

    /// Opens the given devices; throws the reason if one of them is unusable. `onChange` is called
    /// on any thread when the system may have stopped the engine, for example for another device.
    init(microphone: PCMInput?, speaker: PCMOutput?, onChange: @escaping @Sendable () -> Void) throws {
        hasMicrophone = microphone != nil
        do {
            if microphone != nil { try engine.inputNode.setVoiceProcessingEnabled(true) }
            if let speaker { feed = try play(speaker) }
            if let microphone { tap = try MicrophoneTap(engine.inputNode, to: microphone) }
            observer = NotificationCenter.default.addObserver(
                forName: .AVAudioEngineConfigurationChange, object: engine, queue: nil
            ) { _ in onChange() }
            engine.prepare()
            try engine.start()
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
        feed?.stop()
        if tap != nil { engine.inputNode.removeTap(onBus: 0) }
        tap = nil
        engine.stop()
    }

    private func play(_ speaker: PCMOutput) throws -> SpeakerFeed {
        let device = engine.outputNode.outputFormat(forBus: 0)
        guard
            device.sampleRate > 0, device.channelCount > 0,
            let format = AVAudioFormat(standardFormatWithSampleRate: Double(DeviceAudio.format.sampleRate), channels: 1)
        else {
            throw RTVIError(.device, "there is no usable speaker")
        }
        let feed = try SpeakerFeed(speaker, format: format)
        engine.attach(feed.node)
        engine.connect(feed.node, to: engine.mainMixerNode, format: format)
        return feed
    }
}
#endif
