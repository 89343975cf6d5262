import Foundation
import RTVI
import XCTest

/// The methods of the delegate that the Pipecat iOS and web SDKs have, each for its own event.
@MainActor
final class DelegateTests: XCTestCase {
    func testEachEventHasItsMethod() async {
        let delegate = Recorder()
        for (event, method) in events {
            delegate.told = []
            delegate.tell(event)
            XCTAssertEqual(delegate.told, [method])
        }
        XCTAssertEqual(Set(events.map(\.1)).count, events.count)
    }

    private let bot = Participant(id: "bot", name: "Bot")
    private let device = MediaDevice(deviceId: "a", label: "A")
    private let failure = RTVIError(.device, "in use", device: .inUse)
    private let text = TextData(text: "Hello")
    private let heard = TranscriptData(text: "Hello", userId: nil, timestamp: nil, isFinal: true)
    private let output = BotOutputData(
        text: "Hello", outputType: .sentence, segmentId: 1, spoken: nil, willBeSpoken: true, spokenStatus: .completed,
        spokenProgress: SpokenProgress(accumulatedText: "Hello", remainingText: ""))
    private let entry = MetricEntry(processor: "llm", model: nil, value: 0.25, fields: [:])
    private let group = UiJobGroupData(
        kind: .groupStarted, jobId: "1", at: 0, workers: [], label: nil, cancellable: true, workerName: nil, data: nil,
        status: nil, response: nil)
    private var track: Track { Track(kind: .audio, participant: bot) }
    private var metrics: MetricsData {
        MetricsData(
            ttfb: [entry], processing: [], characters: [], ttfa: [], ttfat: [], tokens: [], sttUsage: [], other: [:])
    }

    private var events: [(PipecatEvent, String)] {
        [
            (.transportStateChanged(state: .ready), "onTransportStateChanged(state:)"),
            (.connected, "onConnected()"),
            (.disconnected(reason: .requested), "onDisconnected()"),
            (.botStarted(answer: [:]), "onBotStarted(answer:)"),
            (.botConnected(participant: bot), "onBotConnected(participant:)"),
            (.botDisconnected(participant: bot), "onBotDisconnected(participant:)"),
            (.participantConnected(participant: bot), "onParticipantJoined(participant:)"),
            (.participantLeft(participant: bot), "onParticipantLeft(participant:)"),
            (.error(error: failure, fatal: false), "onError(error:fatal:)"),
            (.messageError(id: nil, error: ""), "onMessageError(id:error:)"),
            (.unsupportedFeature(feature: ""), "onUnsupportedFeature(feature:)"),
            (.trackStarted(track: track), "onTrackStarted(track:)"),
            (.trackStopped(track: track), "onTrackStopped(track:)"),
            (.screenTrackStarted(track: track), "onScreenTrackStarted(track:)"),
            (.screenTrackStopped(track: track), "onScreenTrackStopped(track:)"),
            (.screenShareError(error: failure), "onScreenShareError(error:)"),
            (
                .mediaStateUpdated(state: MediaState(mic: .granted, speaker: .granted, cam: .uninitialized)),
                "onMediaStateChanged(state:)"
            ),
            (.availableMicsUpdated(mics: [device]), "onAvailableMicsUpdated(mics:)"),
            (.availableSpeakersUpdated(speakers: [device]), "onAvailableSpeakersUpdated(speakers:)"),
            (.availableCamsUpdated(cams: [device]), "onAvailableCamsUpdated(cams:)"),
            (.micUpdated(mic: device), "onMicUpdated(mic:)"),
            (.speakerUpdated(speaker: device), "onSpeakerUpdated(speaker:)"),
            (.camUpdated(cam: device), "onCamUpdated(cam:)"),
            (.deviceError(error: failure), "onDeviceError(error:)"),
            (.localAudioLevel(level: 0.5), "onLocalAudioLevel(level:)"),
            (.remoteAudioLevel(level: 0.5), "onRemoteAudioLevel(level:)"),
            (
                .botReady(data: BotReadyData(version: "2.2.0", about: nil, capabilities: nil, config: nil)),
                "onBotReady(data:)"
            ),
            (.serverResponse(data: ServerResponseData(t: "", d: nil)), "onServerResponse(data:)"),
            (.botOutput(data: output), "onBotOutput(data:)"),
            (.botTranscript(data: text), "onBotTranscript(data:)"),
            (.botLlmText(data: text), "onBotLlmText(data:)"),
            (.botLlmStarted, "onBotLlmStarted()"),
            (.botLlmStopped, "onBotLlmStopped()"),
            (.botTtsText(data: text), "onBotTtsText(data:)"),
            (.botTtsStarted, "onBotTtsStarted()"),
            (.botTtsStopped, "onBotTtsStopped()"),
            (.botStartedSpeaking, "onBotStartedSpeaking()"),
            (.botStoppedSpeaking, "onBotStoppedSpeaking()"),
            (.userStartedSpeaking, "onUserStartedSpeaking()"),
            (.userStoppedSpeaking, "onUserStoppedSpeaking()"),
            (.userMuteStarted, "onUserMuteStarted()"),
            (.userMuteStopped, "onUserMuteStopped()"),
            (.userTranscript(data: heard), "onUserTranscript(data:)"),
            (.userLlmText(data: text), "onUserLlmText(data:)"),
            (
                .botLlmSearchResponse(data: BotLlmSearchResponseData(searchResult: nil, renderedContent: nil, origins: [])),
                "onBotLlmSearchResponse(data:)"
            ),
            (
                .llmFunctionCall(data: FunctionCallData(functionName: "f", toolCallId: "1", arguments: [:])),
                "onLLMFunctionCall(data:)"
            ),
            (
                .llmFunctionCallStarted(data: FunctionCallStartedData(functionName: nil)),
                "onLLMFunctionCallStarted(data:)"
            ),
            (
                .llmFunctionCallInProgress(data: FunctionCallInProgressData(toolCallId: "1", functionName: nil, arguments: nil)),
                "onLLMFunctionCallInProgress(data:)"
            ),
            (
                .llmFunctionCallStopped(data: FunctionCallStoppedData(toolCallId: "1", cancelled: false, functionName: nil, result: nil)),
                "onLLMFunctionCallStopped(data:)"
            ),
            (.metrics(data: metrics), "onMetrics(data:)"),
            (.uiCommand(data: UiCommandData(command: "toast", payload: nil)), "onUICommand(data:)"),
            (.uiJobGroup(data: group), "onUIJobGroup(data:)"),
            (.serverMessage(data: [:]), "onServerMessage(data:)"),
        ]
    }
}

/// Notes the methods that are called.
private final class Recorder: PipecatClientDelegate {
    var told: [String] = []

    func onTransportStateChanged(state: TransportState) { told.append(#function) }
    func onConnected() { told.append(#function) }
    func onDisconnected() { told.append(#function) }
    func onBotStarted(answer: Value) { told.append(#function) }
    func onBotConnected(participant: Participant) { told.append(#function) }
    func onBotDisconnected(participant: Participant) { told.append(#function) }
    func onParticipantJoined(participant: Participant) { told.append(#function) }
    func onParticipantLeft(participant: Participant) { told.append(#function) }
    func onError(error: RTVIError, fatal: Bool) { told.append(#function) }
    func onMessageError(id: String?, error: String) { told.append(#function) }
    func onUnsupportedFeature(feature: String) { told.append(#function) }
    func onTrackStarted(track: Track) { told.append(#function) }
    func onTrackStopped(track: Track) { told.append(#function) }
    func onScreenTrackStarted(track: Track) { told.append(#function) }
    func onScreenTrackStopped(track: Track) { told.append(#function) }
    func onScreenShareError(error: RTVIError) { told.append(#function) }
    func onMediaStateChanged(state: MediaState) { told.append(#function) }
    func onAvailableMicsUpdated(mics: [MediaDevice]) { told.append(#function) }
    func onAvailableSpeakersUpdated(speakers: [MediaDevice]) { told.append(#function) }
    func onAvailableCamsUpdated(cams: [MediaDevice]) { told.append(#function) }
    func onMicUpdated(mic: MediaDevice) { told.append(#function) }
    func onSpeakerUpdated(speaker: MediaDevice) { told.append(#function) }
    func onCamUpdated(cam: MediaDevice) { told.append(#function) }
    func onDeviceError(error: RTVIError) { told.append(#function) }
    func onLocalAudioLevel(level: Float) { told.append(#function) }
    func onRemoteAudioLevel(level: Float) { told.append(#function) }
    func onBotReady(data: BotReadyData) { told.append(#function) }
    func onServerResponse(data: ServerResponseData) { told.append(#function) }
    func onBotOutput(data: BotOutputData) { told.append(#function) }
    func onBotTranscript(data: TextData) { told.append(#function) }
    func onBotLlmText(data: TextData) { told.append(#function) }
    func onBotLlmStarted() { told.append(#function) }
    func onBotLlmStopped() { told.append(#function) }
    func onBotTtsText(data: TextData) { told.append(#function) }
    func onBotTtsStarted() { told.append(#function) }
    func onBotTtsStopped() { told.append(#function) }
    func onBotStartedSpeaking() { told.append(#function) }
    func onBotStoppedSpeaking() { told.append(#function) }
    func onUserStartedSpeaking() { told.append(#function) }
    func onUserStoppedSpeaking() { told.append(#function) }
    func onUserMuteStarted() { told.append(#function) }
    func onUserMuteStopped() { told.append(#function) }
    func onUserTranscript(data: TranscriptData) { told.append(#function) }
    func onUserLlmText(data: TextData) { told.append(#function) }
    func onBotLlmSearchResponse(data: BotLlmSearchResponseData) { told.append(#function) }
    func onLLMFunctionCall(data: FunctionCallData) { told.append(#function) }
    func onLLMFunctionCallStarted(data: FunctionCallStartedData) { told.append(#function) }
    func onLLMFunctionCallInProgress(data: FunctionCallInProgressData) { told.append(#function) }
    func onLLMFunctionCallStopped(data: FunctionCallStoppedData) { told.append(#function) }
    func onMetrics(data: MetricsData) { told.append(#function) }
    func onUICommand(data: UiCommandData) { told.append(#function) }
    func onUIJobGroup(data: UiJobGroupData) { told.append(#function) }
    func onServerMessage(data: Value?) { told.append(#function) }
}
