import RTVI
import XCTest

@testable import RTVIVideo

/// The parts of the Apple code that need no Apple system.
final class VideoLogicTests: XCTestCase {
    private let sps = Data([0x67, 66, 0, 31])
    private let pps = Data([0x68, 1])
    private let idr = Data([0x65, 9, 0, 0, 3, 1])
    private let delta = Data([0x41, 7])

    private func stream(_ units: Data..., code: [UInt8] = [0, 0, 1]) -> Data { units.reduce(Data()) { $0 + code + $1 } }

    func testAStreamIsSplitAtEveryStartCode() {
        for code in [[0, 0, 1], [0, 0, 0, 1], [0, 0, 0, 0, 1]] as [[UInt8]] {
            XCTAssertEqual(AnnexB.units(in: stream(sps, pps, idr, code: code)), [sps, pps, idr])
        }
        let inside = Data([9]) + stream(sps, Data(), idr) + [0, 0]
        XCTAssertEqual(AnnexB.units(in: inside.dropFirst(0)), [sps, idr], "what comes before is no unit")
        XCTAssertEqual(AnnexB.units(in: Data([9, 9]) + stream(idr)), [idr])
        for nothing in [[], [0], [0, 0], [0, 0, 1], [0, 0, 0, 1], [1, 2, 3, 4]] as [[UInt8]] {
            XCTAssertEqual(AnnexB.units(in: Data(nothing)), [])
        }
        let slice = (Data([1, 2, 3]) + stream(sps)).dropFirst(3)
        XCTAssertEqual(AnnexB.units(in: slice), [sps], "indices need not begin at 0")
    }

    func testLengthsAndStartCodesAreTheSame() {
        let units = [sps, idr, Data(repeating: 7, count: 70_000)]
        let prefixed = AnnexB.lengthPrefixed(units)
        XCTAssertEqual(prefixed.prefix(8), Data([0, 0, 0, 4]) + sps)
        XCTAssertEqual(AnnexB.units(inLengthPrefixed: prefixed), units)
        XCTAssertEqual(AnnexB.units(in: AnnexB.stream(of: units)), units)
        XCTAssertEqual(AnnexB.units(inLengthPrefixed: Data([0, 2, 1, 2, 0, 1, 3]), lengthSize: 2), [Data([1, 2]), Data([3])])
        for wrong in [[0, 0, 0], [0, 0, 0, 2, 1], [255, 255, 255, 255, 1]] as [[UInt8]] {
            XCTAssertNil(AnnexB.units(inLengthPrefixed: Data(wrong)))
        }
        XCTAssertNil(AnnexB.units(inLengthPrefixed: Data([1]), lengthSize: 0))
    }

    func testAKeyFrameBeginsWithItsParameterSets() {
        let encoded = AnnexB.lengthPrefixed([idr])
        let made = AccessUnit.annexB(encoded: encoded, lengthSize: 4, isKey: true, parameters: [sps, pps])
        XCTAssertEqual(made.map { AnnexB.units(in: $0) }, [sps, pps, idr])
        XCTAssertNil(AccessUnit.annexB(encoded: encoded, lengthSize: 4, isKey: true, parameters: []))
        XCTAssertNil(AccessUnit.annexB(encoded: Data([1]), lengthSize: 4, isKey: false, parameters: []))
        let next = AccessUnit.annexB(encoded: AnnexB.lengthPrefixed([delta]), lengthSize: 4, isKey: false, parameters: [sps, pps])
        XCTAssertEqual(next, AnnexB.stream(of: [delta]))
        // An encoder that puts the sets into the stream too.
        let doubled = AccessUnit.annexB(
            encoded: AnnexB.lengthPrefixed([sps, pps, idr]), lengthSize: 4, isKey: true, parameters: [sps, pps])
        XCTAssertEqual(doubled, made)
    }

    func testAPictureIsReadWithoutWhatADecoderHasElsewhere() throws {
        let unit = try XCTUnwrap(AccessUnit(annexB: stream(Data([9, 16]), sps, pps, Data([6, 1]), idr)))
        XCTAssertEqual(unit.parameters, ParameterSets(sps: sps, pps: pps))
        XCTAssertEqual(unit.slices, [Data([6, 1]), idr])
        XCTAssertTrue(unit.isKey)
        let next = try XCTUnwrap(AccessUnit(annexB: stream(delta)))
        XCTAssertNil(next.parameters)
        XCTAssertFalse(next.isKey)
        XCTAssertNil(AccessUnit(annexB: stream(sps, pps)))
    }

    private func frame(_ data: Data, isKey: Bool, codec: VideoCodec = .h264) -> EncodedVideoFrame {
        EncodedVideoFrame(codec: codec, data: data, isKey: isKey, width: 640, height: 480, timestampUs: 0)
    }

    func testADecoderBeginsWithAKeyFrameAndAgainAfterAFailure() {
        var state = DecoderState()
        XCTAssertNil(state.take(frame(stream(delta), isKey: false)))
        XCTAssertTrue(state.needsKeyFrame)
        let key = frame(stream(sps, pps, idr), isKey: true)
        XCTAssertEqual(state.take(key)?.isNewFormat, true)
        XCTAssertEqual(state.take(frame(stream(delta), isKey: false))?.slices, [delta])
        XCTAssertEqual(state.take(key)?.isNewFormat, false)
        let other = Data([0x67, 66, 0, 40])
        XCTAssertEqual(state.take(frame(stream(other, pps, idr), isKey: true))?.parameters.sps, other)
        XCTAssertNil(state.take(frame(Data([1, 2]), isKey: false)))
        XCTAssertTrue(state.needsKeyFrame, "an unreadable frame leaves a gap")
        XCTAssertNotNil(state.take(key))
        state.restart()
        XCTAssertNil(state.take(frame(stream(delta), isKey: false)))
        XCTAssertNil(state.take(frame(stream(idr), isKey: true)), "the sets are unknown")
        XCTAssertNil(state.take(frame(stream(sps, pps, idr), isKey: true, codec: .vp8)))
    }

    private func target(_ width: UInt32, _ height: UInt32, bitrate: UInt32 = 600_000, most: UInt32 = 144_000) -> VideoTarget {
        VideoTarget(
            format: VideoFormat(width: width, height: height, frameRate: 24), bitrate: bitrate, maxFrameSize: most)
    }

    func testAPictureKeepsItsProportionsAndIsNeverEnlarged() {
        let size = { (width: Int, height: Int, target: VideoTarget) -> [Int] in
            let plan = EncoderPlan(width: width, height: height, target: target)
            return [plan.width, plan.height]
        }
        XCTAssertEqual(size(640, 480, target(640, 480)), [640, 480])
        XCTAssertEqual(size(480, 640, target(640, 480)), [480, 640], "portrait")
        XCTAssertEqual(size(1_280, 720, target(640, 480)), [640, 360])
        XCTAssertEqual(size(320, 240, target(640, 480)), [320, 240])
        XCTAssertEqual(size(1_179, 2_556, target(1_280, 720)), [590, 1_280])
        XCTAssertEqual(size(0, 0, target(0, 0)), [2, 2])
    }

    func testAnEncoderFollowsTheBitrateWithoutAKeyFrame() {
        let plan = EncoderPlan(width: 640, height: 480, target: target(640, 480))
        let slower = EncoderPlan(width: 640, height: 480, target: target(640, 480, bitrate: 100_000))
        let smaller = EncoderPlan(width: 640, height: 480, target: target(320, 240))
        XCTAssertTrue(plan.needsNewEncoder(after: nil))
        XCTAssertFalse(slower.needsNewEncoder(after: plan))
        XCTAssertTrue(smaller.needsNewEncoder(after: plan))
        XCTAssertEqual(plan.bytesPerSecond, 112_500)
        XCTAssertEqual(EncoderPlan(width: 640, height: 480, target: target(640, 480, most: 50_000)).bytesPerSecond, 50_000)
    }

    func testTheRateIsKeptAndAStillPictureIsRepeated() {
        var pacer = FramePacer(frameRate: 10)
        XCTAssertFalse(pacer.repeats(at: 0), "there is none yet")
        let taken = (0..<60).filter { pacer.takes(at: Double($0) / 60) }.count
        XCTAssertTrue((9...11).contains(taken), "\(taken)")
        XCTAssertFalse(pacer.repeats(at: 1.2))
        XCTAssertTrue(pacer.repeats(at: 1.6))
        XCTAssertFalse(pacer.repeats(at: 1.7))
        XCTAssertTrue(pacer.repeats(at: 2.1))
        XCTAssertTrue(pacer.takes(at: 100), "a pause earns no burst")
        XCTAssertFalse(pacer.takes(at: 100.01))
    }

    func testPicturesAreTurnedUpright() {
        XCTAssertEqual(CameraRotation.degrees(hold: .portrait, isFront: true), 90)
        XCTAssertEqual(CameraRotation.degrees(hold: .landscapeLeft, isFront: false), 0)
        XCTAssertEqual(CameraRotation.degrees(hold: .landscapeLeft, isFront: true), 180)
        XCTAssertEqual(CameraRotation.degrees(hold: .landscapeRight, isFront: true), 0)
        XCTAssertEqual(CameraRotation.degrees(hold: .upsideDown, isFront: false), 270)
        XCTAssertNil(CameraRotation.degrees(hold: .flat, isFront: false))
        XCTAssertEqual(CameraRotation.videoOrientation(hold: .landscapeLeft), 3)
        XCTAssertNil(CameraRotation.videoOrientation(hold: .flat))
    }

    func testACameraIsChosen() throws {
        let back = CameraChoice.Camera(id: "b", label: "Back", facing: .back)
        let front = CameraChoice.Camera(id: "f", label: "Front", facing: .front)
        let other = CameraChoice.Camera(id: "x", label: "USB", facing: .other)
        var choice = CameraChoice(cameras: [back, front], facing: .front)
        XCTAssertEqual(choice.used, front)
        XCTAssertEqual(choice.flip(), back)
        XCTAssertEqual(choice.flip(), front)
        XCTAssertEqual(try choice.select("back"), back)
        XCTAssertEqual(try choice.select("f"), front)
        XCTAssertEqual(try choice.select("default"), back)
        XCTAssertThrowsError(try choice.select("none")) { XCTAssertEqual(($0 as? RTVIError)?.device, .notFound) }
        XCTAssertFalse(choice.update([back, front, other]))
        XCTAssertTrue(choice.update([front, other]), "the one in use is gone")
        XCTAssertEqual(choice.used, front)
        XCTAssertNil(choice.flip())
        var none = CameraChoice(cameras: [], facing: .front)
        XCTAssertNil(none.used)
        XCTAssertTrue(none.update([other]))
        XCTAssertEqual(none.used, other)
    }

    func testTroubleOfACameraIsATypedError() {
        XCTAssertNil(CameraTrouble(interruption: 1).error)
        XCTAssertEqual(CameraTrouble(interruption: 3).error?.device, .inUse)
        XCTAssertEqual(CameraTrouble(interruption: 5), .pressure)
        XCTAssertEqual(CameraTrouble(interruption: nil).error?.kind, .device)
        XCTAssertEqual(CameraTrouble.denied.error?.device, .permissions)
        XCTAssertEqual(CameraTrouble.gone.error?.device, .notFound)
        XCTAssertNil(CameraTrouble.servicesReset.error)
        XCTAssertEqual(CameraTrouble.failed("cold").error?.message, "the camera failed: cold")
    }

    func testTheSmallestCaptureThatSufficesIsChosen() {
        let name = { CapturePreset.name(for: VideoFormat(width: $0, height: $1, frameRate: 24)) }
        XCTAssertEqual(name(640, 480), "AVCaptureSessionPreset640x480")
        XCTAssertEqual(name(480, 640), "AVCaptureSessionPreset640x480")
        XCTAssertEqual(name(641, 480), "AVCaptureSessionPreset1280x720")
        XCTAssertEqual(name(9_000, 9_000), "AVCaptureSessionPreset3840x2160")
    }
}
