import RTVITypes

extension PipecatClient {
    /// A function of the app. Runs off the main actor unless it is marked otherwise. What it throws is told to the bot. Its task is
    /// cancelled when the server cancels the call, when it takes longer than ``Timeouts/functionCall``, and when the session ends.
    public typealias FunctionCallCallback = @Sendable (FunctionCall) async throws -> Value

    /// Lets the bot call a function of the app. A second one of the same name replaces the first. Kept until it is unregistered or the
    /// client is closed.
    public nonisolated func registerFunctionCallHandler(
        functionName: String, callback: @escaping FunctionCallCallback
    ) throws {
        try translated { try core.registerFunction(name: functionName, handler: FunctionOfApp(callback)) }
    }

    /// The same with arguments and result of the app's own types.
    public nonisolated func registerFunctionCallHandler<Arguments: Decodable, Result: Encodable>(
        functionName: String, arguments: Arguments.Type, callback: @escaping @Sendable (Arguments) async throws -> Result
    ) throws {
        try registerFunctionCallHandler(functionName: functionName) { call in
            try Value(encoding: await callback(call.arguments.decode()))
        }
    }

    /// Removes a function; says whether there was one. A call that runs is not disturbed.
    @discardableResult
    public nonisolated func unregisterFunctionCallHandler(functionName: String) throws -> Bool {
        try translated { try core.unregisterFunction(name: functionName) }
    }

    /// Removes all functions.
    public nonisolated func unregisterAllFunctionCallHandlers() throws {
        try translated { try core.unregisterAllFunctions() }
    }
}

/// A function of the app, as the core calls it.
private final class FunctionOfApp: FfiFunctionHandler {
    private let callback: PipecatClient.FunctionCallCallback

    init(_ callback: @escaping PipecatClient.FunctionCallCallback) {
        self.callback = callback
    }

    func call(call: FunctionCall) async throws -> FfiFunctionResult {
        try await forCore { FfiFunctionResult(value: try await callback(call)) }
    }
}
