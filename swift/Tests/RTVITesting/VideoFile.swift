import Foundation
import RTVI

/// A sequence of encoded frames, as an IVF file contains it.
public struct VideoFile: Sendable {
    private static let headerSize = 32
    private static let frameHeaderSize = 12

    public let codec: VideoCodec
    public private(set) var frames: [Data]

    public init(codec: VideoCodec, frames: [Data] = []) {
        self.codec = codec
        self.frames = frames
    }

    /// Reads a file; `nil` if it is none.
    public init?(_ data: Data) {
        guard data.count >= Self.headerSize, data.prefix(4) == Data("DKIF".utf8) else { return nil }
        codec = data.dropFirst(8).prefix(4) == Data("H264".utf8) ? .h264 : .vp8
        frames = []
        var rest = data.dropFirst(Self.headerSize)
        while rest.count >= Self.frameHeaderSize {
            let size = rest.prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
            rest = rest.dropFirst(Self.frameHeaderSize)
            frames.append(Data(rest.prefix(size)))
            rest = rest.dropFirst(size)
        }
    }

    public mutating func append(_ frame: Data) { frames.append(frame) }

    /// The file.
    public var data: Data {
        var file = Data("DKIF".utf8) + [0, 0, 32, 0] + Data((codec == .h264 ? "H264" : "VP80").utf8)
        file += Data(count: Self.headerSize - file.count)
        for (number, frame) in frames.enumerated() {
            file += [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: frame.count >> $0) }
            file += [0, 8, 16, 24, 32, 40, 48, 56].map { UInt8(truncatingIfNeeded: number >> $0) }
            file += frame
        }
        return file
    }

    /// Whether a frame can be decoded without an earlier one. A key frame of H.264 carries its
    /// parameter sets.
    public func isKey(_ frame: Data) -> Bool {
        guard codec == .h264 else { return (frame.first ?? 1) & 1 == 0 }
        let bytes = [UInt8](frame.prefix(256))
        return bytes.indices.dropLast(3).contains { bytes[$0] == 0 && bytes[$0 + 1] == 0 && bytes[$0 + 2] == 1 && bytes[$0 + 3] & 31 == 7 }
    }
}

/// A camera that plays a sequence of frames at 24 frames a second, again and again.
public final class FileCamera: VideoInputControl, @unchecked Sendable {
    private let file: VideoFile
    private let size: (width: UInt32, height: UInt32)
    private let queue = DispatchQueue(label: "ai.rtvi.tests.camera")
    private var timer: (any DispatchSourceTimer)?
    private var at = 0
    private var needsKeyFrame = true
    private var pushed = 0
    private var told: [String] = []

    public init(_ file: VideoFile, width: UInt32, height: UInt32) {
        self.file = file
        size = (width, height)
    }

    /// How many frames the client took.
    public var sent: Int { queue.sync { pushed } }

    /// What the client told the camera.
    public var calls: [String] { queue.sync { told } }

    public func start(wanted: VideoFormat, input: VideoInput) throws {
        queue.sync {
            told.append("start \(wanted.width)x\(wanted.height)@\(wanted.frameRate)")
            needsKeyFrame = true
            let timer = DispatchSource.makeTimerSource(queue: queue)
            timer.schedule(deadline: .now(), repeating: 1.0 / 24)
            // The timer keeps the input while it runs.
            timer.setEventHandler { [weak self] in self?.push(to: input) }
            timer.resume()
            self.timer = timer
        }
    }

    public func setTarget(_ target: VideoTarget) {
        queue.async { self.told.append("target") }
    }

    public func requestKeyFrame() {
        queue.async {
            self.needsKeyFrame = true
            self.told.append("key frame")
        }
    }

    public func select(deviceId: String) throws {
        queue.sync { told.append("select \(deviceId)") }
    }

    public func stop() {
        queue.async {
            self.timer?.cancel()
            self.timer = nil
            self.told.append("stop")
        }
    }

    private func push(to input: VideoInput) {
        while needsKeyFrame, !file.isKey(file.frames[at % file.frames.count]) { at += 1 }
        needsKeyFrame = false
        let data = file.frames[at % file.frames.count]
        at += 1
        let frame = EncodedVideoFrame(
            codec: file.codec, data: data, isKey: file.isKey(data), width: size.width, height: size.height,
            timestampUs: UInt64(ProcessInfo.processInfo.systemUptime * 1_000_000))
        if (try? input.push(frame)) == true { pushed += 1 }
    }
}

/// A display that keeps the bot's frames.
public final class FrameRecorder: VideoDisplay, @unchecked Sendable {
    public let codecs: [VideoCodec]
    private let lock = NSLock()
    private var kept: [EncodedVideoFrame] = []
    private var wish = false
    private var ends = 0

    public init(codecs: [VideoCodec]) {
        self.codecs = codecs
    }

    public var frames: [EncodedVideoFrame] { lock.withLock { kept } }

    /// How often the video has ended.
    public var stops: Int { lock.withLock { ends } }

    /// Makes the next frame one after which only a key frame will do.
    public func loseTrack() { lock.withLock { wish = true } }

    public func write(_ frame: EncodedVideoFrame) { lock.withLock { kept.append(frame) } }

    public var needsKeyFrame: Bool {
        lock.withLock {
            defer { wish = false }
            return wish
        }
    }

    public func stop() { lock.withLock { ends += 1 } }
}
