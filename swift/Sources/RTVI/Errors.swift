import Foundation
import RTVITypes

/// Converts errors of the core to ours.
func translated<T>(_ body: () throws -> T) throws -> T {
    do {
        return try body()
    } catch let error as FfiError {
        throw RTVIError(error)
    }
}

/// Converts errors of the app's code to errors of the core, with the app's own text.
func forCore<T>(_ body: () async throws -> T) async throws -> T {
    do {
        return try await body()
    } catch {
        throw ffiError(of: error)
    }
}

/// The core's form of an error of the app's code.
func ffiError(of error: any Error) -> FfiError {
    switch error {
    case let error as FfiError: return error
    case let error as RTVIError: return error.ffi
    case is CancellationError: return RTVIError(.cancelled, "cancelled").ffi
    case let error as any LocalizedError: return RTVIError(.internal, error.errorDescription ?? "\(error)").ffi
    default: return RTVIError(.internal, "\(error)").ffi
    }
}
