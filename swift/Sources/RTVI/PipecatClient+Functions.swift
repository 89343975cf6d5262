import RTVITypes

extension PipecatClient {
    /// A function of the app. It runs off the main actor unless marked otherwise. The bot receives
    /// the error that it throws. The client cancels its task when the server cancels the call, when
    /// it takes longer than ``Timeouts/functionCall``, and when the session ends.
    public typealias FunctionCallCallback = @Sendable (FunctionCall) async throws -> Value

    /// Lets the bot call a function of the app. A second function of the same name replaces the
    /// first. The registration lasts until you remove it or the client is closed.
    public nonisolated func registerFunctionCallHandler(
        functionName: String, callback: @escaping FunctionCallCallback
    ) throws {
        try translated { try core.registerFunction(name: functionName, handler: FunctionOfApp(callback)) }
    }

    /// The same, with the app's own types for arguments and result.
    public nonisolated func registerFunctionCallHandler<Arguments: Decodable, Result: Encodable>(
        functionName: String, arguments: Arguments.Type, callback: @escaping @Sendable (Arguments) async throws -> Result
    ) throws {
        try registerFunctionCallHandler(functionName: functionName) { call in
            try Value(encoding: await callback(call.arguments.decode()))
        }
    }

    /// Removes a function and returns whether there was one. Running calls continue.
    @discardableResult
    public nonisolated func unregisterFunctionCallHandler(functionName: String) throws -> Bool {
        try translated { try core.unregisterFunction(name: functionName) }
    }

    /// Removes all functions.
    public nonisolated func unregisterAllFunctionCallHandlers() throws {
        try translated { try core.unregisterAllFunctions() }
    }
}

/// A function of the app, in the form that the core calls.
private final class FunctionOfApp: FfiFunctionHandler {
    private let callback: PipecatClient.FunctionCallCallback

    init(_ callback: @escaping PipecatClient.FunctionCallCallback) {
        self.callback = callback
    }

    func call(call: FunctionCall) async throws -> FfiFunctionResult {
        try await forCore { FfiFunctionResult(value: try await callback(call)) }
    }
}
