package ai.rtvi.client

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test

/** The callbacks that the Pipecat Android and web SDKs have, each for its own event. */
class CallbacksTest {
    @Test
    fun eachEventHasItsCallback() {
        val callbacks = Noting()
        for ((event, name) in events) {
            callbacks.told.clear()
            callbacks.tell(event)
            // An error also reaches the callback for it that Pipecat's Android SDK has.
            val wanted = if (name == "onError") listOf("onError", "onBackendError") else listOf(name)
            assertEquals(wanted.toSet(), callbacks.told.toSet())
        }
        assertEquals(events.size, events.map { it.second }.toSet().size)
    }

    private val bot = Participant("bot", "Bot", false)
    private val device = MediaDevice("a", "A")
    private val failure = RtviError(ErrorKind.DEVICE, DeviceErrorKind.IN_USE, null, null, null, null, "in use")
    private val text = TextData("Hello")
    private val heard = TranscriptData("Hello", null, null, true)
    private val output =
        BotOutputData("Hello", OutputType.Sentence, 1u, null, true, SpokenStatus.Completed, SpokenProgress("Hello", ""))
    private val track = Track(TrackKind.AUDIO, bot)
    private val metrics = MetricsData(
        ttfb = listOf(MetricEntry("llm", null, 0.25, Value.Object())),
        processing = emptyList(),
        characters = emptyList(),
        ttfa = emptyList(),
        ttfat = emptyList(),
        tokens = emptyList(),
        sttUsage = emptyList(),
        other = Value.Object(),
    )
    private val group = UiJobGroupData(UiJobKind.GroupStarted, "1", 0, emptyList(), null, true, null, null, null, null)

    private val events: List<Pair<RtviEvent, String>> = listOf(
        RtviEvent.TransportStateChanged(TransportState.READY) to "onTransportStateChanged",
        RtviEvent.Connected to "onConnected",
        RtviEvent.Disconnected(DisconnectReason.Requested) to "onDisconnected",
        RtviEvent.BotStarted(Value.Null) to "onBotStarted",
        RtviEvent.BotConnected(bot) to "onBotConnected",
        RtviEvent.BotDisconnected(bot) to "onBotDisconnected",
        RtviEvent.ParticipantConnected(bot) to "onParticipantJoined",
        RtviEvent.ParticipantLeft(bot) to "onParticipantLeft",
        RtviEvent.Error(failure, false) to "onError",
        RtviEvent.MessageError(null, "") to "onMessageError",
        RtviEvent.UnsupportedFeature("") to "onUnsupportedFeature",
        RtviEvent.TrackStarted(track) to "onTrackStarted",
        RtviEvent.TrackStopped(track) to "onTrackStopped",
        RtviEvent.ScreenTrackStarted(track) to "onScreenTrackStarted",
        RtviEvent.ScreenTrackStopped(track) to "onScreenTrackStopped",
        RtviEvent.ScreenShareError(failure) to "onScreenShareError",
        RtviEvent.MediaStateUpdated(MediaState(DeviceState.Granted, DeviceState.Granted, DeviceState.Uninitialized, false)) to "onMediaStateChanged",
        RtviEvent.AvailableMicsUpdated(listOf(device)) to "onAvailableMicsUpdated",
        RtviEvent.AvailableSpeakersUpdated(listOf(device)) to "onAvailableSpeakersUpdated",
        RtviEvent.AvailableCamsUpdated(listOf(device)) to "onAvailableCamsUpdated",
        RtviEvent.MicUpdated(device) to "onMicUpdated",
        RtviEvent.SpeakerUpdated(device) to "onSpeakerUpdated",
        RtviEvent.CamUpdated(device) to "onCamUpdated",
        RtviEvent.DeviceError(failure) to "onDeviceError",
        RtviEvent.LocalAudioLevel(0.5f) to "onUserAudioLevel",
        RtviEvent.RemoteAudioLevel(0.5f) to "onRemoteAudioLevel",
        RtviEvent.BotReady(BotReadyData("2.2.0", null, null, null)) to "onBotReady",
        RtviEvent.ServerResponse(ServerResponseData("", null)) to "onServerResponse",
        RtviEvent.BotOutput(output) to "onBotOutput",
        RtviEvent.BotTranscript(text) to "onBotTranscript",
        RtviEvent.BotLlmText(text) to "onBotLLMText",
        RtviEvent.BotLlmStarted to "onBotLLMStarted",
        RtviEvent.BotLlmStopped to "onBotLLMStopped",
        RtviEvent.BotTtsText(text) to "onBotTTSText",
        RtviEvent.BotTtsStarted to "onBotTTSStarted",
        RtviEvent.BotTtsStopped to "onBotTTSStopped",
        RtviEvent.BotStartedSpeaking to "onBotStartedSpeaking",
        RtviEvent.BotStoppedSpeaking to "onBotStoppedSpeaking",
        RtviEvent.UserStartedSpeaking to "onUserStartedSpeaking",
        RtviEvent.UserStoppedSpeaking to "onUserStoppedSpeaking",
        RtviEvent.UserMuteStarted to "onUserMuteStarted",
        RtviEvent.UserMuteStopped to "onUserMuteStopped",
        RtviEvent.UserTranscript(heard) to "onUserTranscript",
        RtviEvent.UserLlmText(text) to "onUserLLMText",
        RtviEvent.BotLlmSearchResponse(BotLlmSearchResponseData(null, null, emptyList())) to "onBotLLMSearchResponse",
        RtviEvent.LlmFunctionCall(FunctionCallData("f", "1", Value.Object())) to "onLLMFunctionCall",
        RtviEvent.LlmFunctionCallStarted(FunctionCallStartedData(null)) to "onLLMFunctionCallStarted",
        RtviEvent.LlmFunctionCallInProgress(FunctionCallInProgressData("1", null, null)) to "onLLMFunctionCallInProgress",
        RtviEvent.LlmFunctionCallStopped(FunctionCallStoppedData("1", false, null, null)) to "onLLMFunctionCallStopped",
        RtviEvent.Metrics(metrics) to "onMetrics",
        RtviEvent.UiCommand(UiCommandData("toast", null)) to "onUICommand",
        RtviEvent.UiJobGroup(group) to "onUIJobGroup",
        RtviEvent.ServerMessage(Value.Null) to "onServerMessage",
    )

    /** Notes the names of the callbacks. */
    private class Noting : PipecatEventCallbacks() {
        val told = mutableListOf<String>()

        private fun note() {
            told += StackWalker.getInstance().walk { frames -> frames.skip(1).findFirst().get().methodName }
        }

        override fun onTransportStateChanged(state: TransportState) = note()

        override fun onConnected() = note()

        override fun onDisconnected() = note()

        override fun onBotStarted(answer: Value) = note()

        override fun onBotConnected(participant: Participant) = note()

        override fun onBotDisconnected(participant: Participant) = note()

        override fun onParticipantJoined(participant: Participant) = note()

        override fun onParticipantLeft(participant: Participant) = note()

        override fun onError(error: RtviError, fatal: Boolean) {
            note()
            super.onError(error, fatal)
        }

        override fun onBackendError(message: String) = note()

        override fun onMessageError(id: String?, error: String) = note()

        override fun onUnsupportedFeature(feature: String) = note()

        override fun onTrackStarted(track: Track) = note()

        override fun onTrackStopped(track: Track) = note()

        override fun onScreenTrackStarted(track: Track) = note()

        override fun onScreenTrackStopped(track: Track) = note()

        override fun onScreenShareError(error: RtviError) = note()

        override fun onMediaStateChanged(state: MediaState) = note()

        override fun onAvailableMicsUpdated(mics: List<MediaDevice>) = note()

        override fun onAvailableSpeakersUpdated(speakers: List<MediaDevice>) = note()

        override fun onAvailableCamsUpdated(cams: List<MediaDevice>) = note()

        override fun onMicUpdated(mic: MediaDevice) = note()

        override fun onSpeakerUpdated(speaker: MediaDevice) = note()

        override fun onCamUpdated(cam: MediaDevice) = note()

        override fun onDeviceError(error: RtviError) = note()

        override fun onUserAudioLevel(level: Float) = note()

        override fun onRemoteAudioLevel(level: Float) = note()

        override fun onBotReady(data: BotReadyData) = note()

        override fun onServerResponse(data: ServerResponseData) = note()

        override fun onBotOutput(data: BotOutputData) = note()

        override fun onBotTranscript(data: TextData) = note()

        override fun onBotLLMText(data: TextData) = note()

        override fun onBotLLMStarted() = note()

        override fun onBotLLMStopped() = note()

        override fun onBotTTSText(data: TextData) = note()

        override fun onBotTTSStarted() = note()

        override fun onBotTTSStopped() = note()

        override fun onBotStartedSpeaking() = note()

        override fun onBotStoppedSpeaking() = note()

        override fun onUserStartedSpeaking() = note()

        override fun onUserStoppedSpeaking() = note()

        override fun onUserMuteStarted() = note()

        override fun onUserMuteStopped() = note()

        override fun onUserTranscript(data: TranscriptData) = note()

        override fun onUserLLMText(data: TextData) = note()

        override fun onBotLLMSearchResponse(data: BotLlmSearchResponseData) = note()

        override fun onLLMFunctionCall(data: FunctionCallData) = note()

        override fun onLLMFunctionCallStarted(data: FunctionCallStartedData) = note()

        override fun onLLMFunctionCallInProgress(data: FunctionCallInProgressData) = note()

        override fun onLLMFunctionCallStopped(data: FunctionCallStoppedData) = note()

        override fun onMetrics(data: MetricsData) = note()

        override fun onUICommand(data: UiCommandData) = note()

        override fun onUIJobGroup(data: UiJobGroupData) = note()

        override fun onServerMessage(data: Value?) = note()
    }
}
