import Foundation
import RTVI
import RTVITesting
import XCTest

/// Encoded video of the app's own, in a session with the demo bot, which returns it.
@MainActor
final class VideoTests: XCTestCase {
    /// Frames that carry a number in the form of VP8, of which the first is the only key frame.
    private var recording: VideoFile {
        var file = VideoFile(codec: .vp8)
        for number in 0..<50 {
            let isKey = number == 0
            let head: [UInt8] = isKey ? [0x10, 0, 0, 0x9D, 1, 0x2A, 128, 2, 224, 1] : [0x11, 0, 0]
            file.append(Data(head + [UInt8(number)] + Array(repeating: UInt8(number), count: 3_000)))
        }
        return file
    }

    private func options(_ camera: FileCamera?, _ display: FrameRecorder?) -> PipecatClientOptions {
        var options = quiet(SmallWebRTCTransport())
        options.camera = camera.map { VideoInput(codec: .vp8, control: $0) }
        options.display = display
        options.enableMic = false
        return options
    }

    func testTheCamerasFramesComeBack() async throws {
        let bot = try testBot()
        let (camera, display) = (FileCamera(recording, width: 640, height: 480), FrameRecorder(codecs: [.vp8]))
        let client = try PipecatClient(options: options(camera, display))
        try await client.startBotAndConnect(startBotParams: bot.request(.webrtc))
        XCTAssertFalse(client.isCamEnabled)
        XCTAssertTrue(camera.calls.isEmpty, "it is off")
        try client.enableCam(enable: true)
        try await until("frames come back") { display.frames.count >= 24 }
        XCTAssertTrue(client.isCamEnabled)
        let (first, known) = (display.frames[0], Set(recording.frames))
        XCTAssertTrue(first.isKey)
        XCTAssertEqual([first.width, first.height], [640, 480])
        XCTAssertTrue(display.frames.allSatisfy { known.contains($0.data) && $0.codec == .vp8 })
        XCTAssertEqual(camera.calls.first, "start 640x480@24")
        XCTAssertTrue(camera.calls.contains("target"))
        XCTAssertEqual(client.tracks.filter { $0.kind == .video }.count, 2)
        XCTAssertEqual(client.getAllCams().count, 1)

        let asked = camera.calls.filter { $0 == "key frame" }.count
        display.loseTrack()
        try await until("the bot asks the camera for a key frame") { camera.calls.filter { $0 == "key frame" }.count > asked }

        try client.enableCam(enable: false)
        try await until("the camera is off") { camera.calls.last == "stop" }
        try await until("the bot's video has ended") { display.stops == 1 }
        try await client.disconnect()
    }

    func testAFailedCameraIsReportedWithItsReason() async throws {
        let bot = try testBot()
        let camera = FileCamera(recording, width: 640, height: 480)
        var options = options(camera, nil)
        let input = VideoInput(codec: .vp8, hasDevices: true, control: camera)
        options.camera = input
        let (front, back) = (MediaDevice(deviceId: "f", label: "Front"), MediaDevice(deviceId: "b", label: "Back"))
        input.devicesChanged([front, back])
        input.deviceUsed(front)
        let client = try PipecatClient(options: options)
        let events = client.events
        try await client.startBotAndConnect(startBotParams: bot.request(.webrtc))
        try await until("the cameras are listed") { client.getAllCams() == [front, back] && client.selectedCam == front }
        try client.enableCam(enable: true)
        try client.updateCam(camId: "b")
        try await until("the camera is told") { camera.calls.contains("select b") }
        input.deviceUsed(back)
        try await until("the other one is used") { client.selectedCam == back }
        input.fail(RTVIError(.device, "unplugged", device: .notFound))
        for await event in events {
            guard case .deviceError(let error) = event else { continue }
            XCTAssertEqual(error.device, .notFound)
            break
        }
        try await until("it is released") { camera.calls.last == "stop" }
        try await client.disconnect()
    }

    func testWithoutACameraThereIsNone() async throws {
        let client = try PipecatClient(options: options(nil, nil))
        XCTAssertThrowsError(try client.enableCam(enable: true)) {
            XCTAssertEqual(($0 as? RTVIError)?.kind, .unsupportedFeature)
        }
        XCTAssertThrowsError(try client.enableScreenShare(enable: true))
        XCTAssertFalse(client.isSharingScreen)
    }

    func testAnInputBelongsToOneClient() async throws {
        let input = VideoInput(codec: .vp8, control: FileCamera(recording, width: 640, height: 480))
        var options = options(nil, nil)
        options.screen = input
        let client = try PipecatClient(options: options)
        XCTAssertThrowsError(try PipecatClient(options: options))
        let frame = EncodedVideoFrame(codec: .vp8, data: Data([0]), isKey: true, width: 2, height: 2, timestampUs: 0)
        XCTAssertFalse(try input.push(frame), "it is off")
        let wrong = EncodedVideoFrame(codec: .h264, data: Data([0]), isKey: true, width: 2, height: 2, timestampUs: 0)
        XCTAssertThrowsError(try input.push(wrong)) { XCTAssertEqual(($0 as? RTVIError)?.kind, .invalidArgument) }
        client.release()
    }
}
