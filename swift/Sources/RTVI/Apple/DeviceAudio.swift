#if canImport(AVFoundation)
import AVFoundation
import os

/// The microphone and speaker of an Apple device, through the system's voice processing: echo
/// cancellation, noise suppression and gain.
///
/// One engine serves both. It is rebuilt when another device is needed or when the system has
/// stopped it. All work runs on a queue of its own.
///
/// A microphone that may not or can't be used after it has reported its start to the core is a
/// device error of the client. Devices that the system has stopped are retried: a few times
/// automatically while nothing is open, when the app becomes active, after an interruption, and when
/// the app reports that its audio session is active. Meanwhile the session continues in silence.
final class DeviceAudio: @unchecked Sendable {
    /// The format that crosses to the core.
    static let format = AudioFormat(sampleRate: 48_000, channels: 1)
    static let log = Logger(subsystem: "ai.rtvi", category: "devices")

    private(set) var input: PCMInput?
    private(set) var output: PCMOutput?

    // Everything below is used only on the queue.
    private let queue = DispatchQueue(label: "ai.rtvi.device-audio", qos: .userInitiated)
    private let session: AudioSessionKeeper
    private let onEvent: (@Sendable (AudioSessionEvent) -> Void)?
    private var engine: DeviceEngine?
    private var wantsMic = false
    private var wantsSpeaker = false
    /// Whether the microphone has been open since the devices were opened; keeps the output route
    /// when it is muted.
    private var hasRecorded = false
    private var isAsking = false
    /// Whether the app knows that the devices don't work.
    private var hasReported = false
    private var isInterrupted = false
    private var pending: DispatchWorkItem?
    private var attempts = Attempts()

    init(policy: AudioSessionPolicy, onEvent: (@Sendable (AudioSessionEvent) -> Void)?) throws {
        session = AudioSessionKeeper(policy: policy)
        self.onEvent = onEvent
        input = try PCMInput(format: Self.format, control: Side { [weak self] in
            if $0 { try AudioPermission.check() }
            self?.want(mic: $0)
        })
        // No flushing: the device never holds more audio than it needs.
        output = try PCMOutput(format: Self.format, control: Side { [weak self] in self?.want(speaker: $0) })
        session.onChange = { [weak self] in self?.sessionChanged($0) }
    }

    deinit {
        // The system may take time to stop, and the session may be deactivated only after that.
        queue.async { [engine, session] in
            engine?.stop()
            session.release()
        }
    }

    /// The app reports whether the audio session that it manages itself is active.
    static func sessionIsActive(_ active: Bool) {
        #if canImport(UIKit)
        SharedAudioSession.shared.setActiveByApp(active)
        #endif
    }

    private func want(mic: Bool? = nil, speaker: Bool? = nil) {
        queue.async { [self] in
            wantsMic = mic ?? wantsMic
            wantsSpeaker = speaker ?? wantsSpeaker
            // What took the devices away is over, or the system says so when they are opened.
            if !wantsMic, !wantsSpeaker { isInterrupted = false }
            attempts = Attempts()
            // A session requests both within moments, and releases both.
            rebuild(after: .milliseconds(50))
        }
    }

    private func sessionChanged(_ change: SessionChange) {
        queue.async { [self] in
            switch change {
            case .inactive: close()
            case .interrupted: interrupt()
            case .retry where isComplete && !isInterrupted: break
            case .lost, .retry: retry()
            }
        }
    }

    private func interrupt() {
        close()
        isInterrupted = true
        if wantsMic || wantsSpeaker { report(.interrupted) }
    }

    private func retry() {
        isInterrupted = false
        attempts = Attempts()
        rebuild(after: .milliseconds(0))
    }

    private func report(_ event: AudioSessionEvent) {
        hasReported = event != .resumed
        onEvent?(event)
    }

    /// Whether everything needed is open, or will open without further events.
    private var isComplete: Bool {
        guard wantsMic || wantsSpeaker, pending == nil, !isAsking else { return true }
        return engine?.isRunning == true && engine?.hasMicrophone == (wantsMic && AudioPermission.isGranted)
    }

    /// Rebuilds the engine after this delay, replacing a pending rebuild.
    private func rebuild(after delay: DispatchTimeInterval) {
        pending?.cancel()
        let work = DispatchWorkItem { [weak self] in self?.rebuild() }
        pending = work
        queue.asyncAfter(deadline: .now() + delay, execute: work)
    }

    private func rebuild() {
        close()
        guard !isInterrupted else { return }
        let mic = wantsMic && mayRecord()
        guard mic || wantsSpeaker else {
            hasRecorded = false
            return session.release()
        }
        hasRecorded = hasRecorded || mic
        do {
            guard try session.take(microphone: hasRecorded) else { return }
            try open(mic: mic)
            noteSuccess()
        } catch {
            Self.log.error("no devices: \(error.localizedDescription, privacy: .public)")
            engineFailed(deviceError(error))
        }
    }

    /// Changes of the route, such as a headset, are no failures, however many there are in a call.
    private func noteSuccess() {
        if hasReported { report(.resumed) }
        queue.asyncAfter(deadline: .now() + Attempts.success) { [weak self, weak running = engine] in
            guard let self, let running, running === self.engine, running.isRunning else { return }
            self.attempts = Attempts()
        }
    }

    private func close() {
        pending?.cancel()
        pending = nil
        engine?.stop()
        engine = nil
    }

    /// Opens the needed devices, or the speaker alone if the microphone is unusable: the bot must
    /// be audible.
    private func open(mic: Bool) throws {
        do {
            engine = try makeEngine(mic: mic)
        } catch {
            guard mic, wantsSpeaker else { throw error }
            engine = try makeEngine(mic: false)
            failMicrophone(deviceError(error))
        }
    }

    /// The client emits a device error, and needs no microphone until the app enables it again.
    private func failMicrophone(_ error: RTVIError) {
        Self.log.error("no microphone: \(error.message, privacy: .public)")
        wantsMic = false
        input?.fail(error)
    }

    private func deviceError(_ error: any Error) -> RTVIError {
        error as? RTVIError ?? RTVIError(.device, error.localizedDescription, device: .unknown)
    }

    private func makeEngine(mic: Bool) throws -> DeviceEngine {
        try DeviceEngine(microphone: mic ? input : nil, speaker: wantsSpeaker ? output : nil) { [weak self] in
            self?.engineChanged()
        }
    }

    /// The device or its rate changed and the system has stopped the engine, unless the
    /// notification concerns an engine that is being created right now.
    private func engineChanged() {
        queue.async { [self] in
            // One cause produces several of these.
            if pending == nil, let engine, !engine.isRunning {
                engineFailed(RTVIError(.device, "the system has stopped the audio engine", device: .unknown))
            }
        }
    }

    /// Retries automatically, a few times in a row.
    private func engineFailed(_ error: RTVIError) {
        guard let delay = attempts.next() else {
            Self.log.error("no further attempts to open devices until the app becomes active")
            return report(.failed(error))
        }
        rebuild(after: delay)
    }

    /// Whether the microphone may be opened now. Asks a user who was not asked yet, and opens it
    /// after the answer.
    private func mayRecord() -> Bool {
        if AudioPermission.isOpen, !isAsking {
            isAsking = true
            AudioPermission.ask { [weak self] in self?.answered() }
        }
        return AudioPermission.isGranted
    }

    private func answered() {
        queue.async { [self] in
            isAsking = false
            guard AudioPermission.isGranted else { return failMicrophone(AudioPermission.denial) }
            rebuild(after: .milliseconds(0))
        }
    }

    /// One of the two devices, as the core requests and releases it.
    private final class Side: AudioDeviceControl {
        private let want: @Sendable (Bool) throws -> Void

        init(_ want: @escaping @Sendable (Bool) throws -> Void) {
            self.want = want
        }

        func start() throws {
            try want(true)
        }

        func stop() {
            try? want(false)
        }
    }
}
#else

/// This system has no devices.
final class DeviceAudio: Sendable {
    let input: PCMInput? = nil
    let output: PCMOutput? = nil

    init(policy: AudioSessionPolicy, onEvent: (@Sendable (AudioSessionEvent) -> Void)?) throws {}

    static func sessionIsActive(_ active: Bool) {}
}
#endif
