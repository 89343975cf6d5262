// rtvi-video-call OFFER-URL IN.ivf OUT.ivf SECONDS: shows the bot the recording as its camera for so
// long, and records the bot's video. Frames of H.264 go both ways through the forms that Apple's
// encoder and decoder have.
import Foundation
import RTVI
import RTVITesting
import RTVIVideo

let arguments = CommandLine.arguments
guard arguments.count == 5, let seconds = Double(arguments[4]),
    let recording = (try? Data(contentsOf: URL(fileURLWithPath: arguments[2]))).flatMap({ VideoFile($0) })
else {
    print("usage: rtvi-video-call OFFER-URL IN.ivf OUT.ivf SECONDS")
    exit(2)
}

/// A frame as an encoder of the system would deliver it, and as the camera makes a stream of it.
func asCaptured(_ frame: Data) -> Data? {
    guard recording.codec == .h264, let unit = AccessUnit(annexB: frame) else { return frame }
    let sets = unit.parameters.map { [$0.sps, $0.pps] } ?? []
    return AccessUnit.annexB(
        encoded: AnnexB.lengthPrefixed(unit.slices), lengthSize: 4, isKey: unit.isKey, parameters: sets)
}

/// The frames that a decoder of the system could show; `nil` if one of them could not be shown.
func asShown(_ frames: [EncodedVideoFrame]) -> [Data]? {
    guard recording.codec == .h264 else { return frames.map(\.data) }
    var state = DecoderState()
    let shown = frames.compactMap { frame in
        state.take(frame).map { step in
            AnnexB.stream(of: (step.isKey ? [step.parameters.sps, step.parameters.pps] : []) + step.slices)
        }
    }
    return shown.count == frames.count ? shown : nil
}

let captured = recording.frames.compactMap(asCaptured)
precondition(captured.count == recording.frames.count)
let camera = FileCamera(VideoFile(codec: recording.codec, frames: captured), width: 640, height: 480)
let recorder = FrameRecorder(codecs: [recording.codec])
var options = PipecatClientOptions(transport: SmallWebRTCTransport(), enableMic: false, enableCam: true)
options.microphone = .none
options.speaker = .none
options.camera = VideoInput(codec: recording.codec, control: camera)
options.display = recorder
let client = try PipecatClient(options: options)
let params: Value = ["webrtcRequestParams": ["endpoint": .string(arguments[1])]]
_ = try await client.connect(transportParams: params)
try await Task.sleep(nanoseconds: UInt64(seconds * 1_000_000_000))
let (sent, frames) = (camera.sent, recorder.frames)
try await client.disconnect()
guard let shown = asShown(frames) else {
    print("a frame of the bot can't be shown")
    exit(1)
}
try VideoFile(codec: recording.codec, frames: shown).data.write(to: URL(fileURLWithPath: arguments[3]))
print("sent \(sent) received \(frames.count)")
