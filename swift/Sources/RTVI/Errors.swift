import Foundation
import RTVITypes

/// Has an error of the core thrown as ours.
func translated<T>(_ body: () throws -> T) throws -> T {
    do {
        return try body()
    } catch let error as FfiError {
        throw RTVIError(error)
    }
}

/// Has an error of the app's code thrown as the core wants it, with the app's own text.
func forCore<T>(_ body: () async throws -> T) async throws -> T {
    do {
        return try await body()
    } catch {
        throw ffiError(of: error)
    }
}

/// What the core is told of an error of the app's code.
func ffiError(of error: any Error) -> FfiError {
    switch error {
    case let error as FfiError: return error
    case let error as RTVIError: return error.ffi
    case is CancellationError: return RTVIError(.cancelled, "cancelled").ffi
    case let error as any LocalizedError: return RTVIError(.internal, error.errorDescription ?? "\(error)").ffi
    default: return RTVIError(.internal, "\(error)").ffi
    }
}
