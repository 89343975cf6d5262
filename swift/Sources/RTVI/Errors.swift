import Foundation
import RTVITypes

/// Converts errors of the core to ours.
func translated<T>(_ body: () throws -> T) throws -> T {
    do {
        return try body()
    } catch {
        throw ours(error)
    }
}

/// Calls the core where a failure is no answer. It is logged.
func orNil<T>(_ what: String, _ body: () throws -> T?) -> T? {
    do {
        return try body()
    } catch {
        logError(line: "\(what): \(ours(error).localizedDescription)")
        return nil
    }
}

/// Converts an error of a call of the core to the app's. An error that is none of the core's is
/// UniFFI's: it could not read an argument. A panic of the core is an `FfiError`.
func ours(_ error: any Error) -> any Error {
    switch error {
    case let error as FfiError: return RTVIError(error)
    case is RTVIError, is CancellationError: return error
    default: return RTVIError(.invalidArgument, error.localizedDescription)
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
