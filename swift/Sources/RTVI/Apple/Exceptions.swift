import CRTVI

/// Runs code of the system that may throw Objective-C exceptions, which Swift can't catch and which
/// would end the app, and throws `device` with the exception's text instead.
///
/// What the code had created by then may leak.
func withoutExceptions(_ body: @escaping () throws -> Void) throws {
    let call = Call(body)
    var reason = [CChar](repeating: 0, count: 256)
    let passed = crtvi_catch(
        { Unmanaged<Call>.fromOpaque($0).takeUnretainedValue().run() }, Unmanaged.passUnretained(call).toOpaque(),
        &reason, reason.count)
    guard passed else { throw RTVIError(.device, "the system has thrown an exception: \(String(cString: reason))") }
    if let error = call.error { throw error }
}

/// A call whose error is kept.
private final class Call {
    private let body: () throws -> Void
    private(set) var error: (any Error)?

    init(_ body: @escaping () throws -> Void) {
        self.body = body
    }

    func run() {
        do {
            try body()
        } catch {
            self.error = error
        }
    }
}
