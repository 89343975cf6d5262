// Declarations of Apple's ReplayKit, as far as RTVIVideo uses it: for the compiler on Linux only.
@_exported import CoreMedia

public enum RPSampleBufferType { case video, audioApp, audioMic }
public enum RPRecordingErrorCode: Int { case userDeclined = -5801 }

public final class RPScreenRecorder: NSObject {
    public static func shared() -> RPScreenRecorder { RPScreenRecorder() }
    public func startCapture(
        handler: ((CMSampleBuffer, RPSampleBufferType, (any Error)?) -> Void)?, completionHandler: (((any Error)?) -> Void)?
    ) {}
    public func stopCapture(handler: (((any Error)?) -> Void)?) {}
}
