import RTVITypes

/// Awaits a call of the core and cancels it when the task is cancelled. Converts its errors to
/// ours.
func cancellable<T: Sendable>(_ call: @Sendable (FfiCancellation) async throws -> T) async throws -> T {
    let cancellation = FfiCancellation()
    do {
        return try await withTaskCancellationHandler {
            try await call(cancellation)
        } onCancel: {
            cancellation.cancel()
        }
    } catch {
        let error = ours(error)
        let isGivenUp = (error as? RTVIError)?.kind == .cancelled && cancellation.isCancelled()
        throw isGivenUp ? CancellationError() : error
    }
}
