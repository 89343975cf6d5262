import RTVITypes

/// The events of a client from the moment you read ``PipecatClient/events``, in order and without
/// gaps.
///
/// It serves one loop. It ends when the client is closed, when the loop ends, and when the loop's
/// task is cancelled. After that it keeps no events, even if you store it.
public struct PipecatEvents: AsyncSequence, Sendable {
    /// An event.
    public typealias Element = PipecatEvent

    /// The maximum number of events that cross from the core at a time.
    static let batch: UInt32 = 256

    private let source: Source?

    /// `nil` if the client was closed.
    init(_ stream: FfiEventStream?) {
        source = stream.map(Source.init)
    }

    /// The events of a client that is not the SDK's, such as a test's. They are not kept either: one
    /// loop gets each of them.
    public init(_ events: AsyncStream<PipecatEvent>) {
        source = Source(events)
    }

    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(loop: source.map(Loop.init))
    }

    /// Returns the events one by one.
    public struct AsyncIterator: AsyncIteratorProtocol, Sendable {
        let loop: Loop?
        var waiting: ArraySlice<PipecatEvent> = []

        /// Waits for the next event; `nil` at the end.
        public mutating func next() async -> PipecatEvent? {
            if waiting.isEmpty, let loop {
                waiting = await loop.source.batch()[...]
            }
            return waiting.popFirst()
        }

        #if compiler(>=6.0)
            /// The same, without leaving the loop's actor if an event is already available.
            public mutating func next(isolation actor: isolated (any Actor)?) async -> PipecatEvent? {
                if waiting.isEmpty, let loop {
                    waiting = await loop.source.batch()[...]
                }
                return waiting.popFirst()
            }
        #endif
    }

    /// Stops the core's stream when the loop ends.
    final class Loop: Sendable {
        let source: Source

        init(_ source: Source) {
            self.source = source
        }

        deinit {
            source.stop()
        }
    }

    /// Stops the core's stream when nobody can read it any more: an unread stream would stall the
    /// session.
    final class Source: Sendable {
        private enum Stream: Sendable {
            case core(FfiEventStream)
            case app(AsyncStream<PipecatEvent>)
        }

        private let stream: Stream

        init(_ stream: FfiEventStream) {
            self.stream = .core(stream)
        }

        init(_ stream: AsyncStream<PipecatEvent>) {
            self.stream = .app(stream)
        }

        deinit {
            stop()
        }

        func stop() {
            if case .core(let stream) = stream { stream.stop() }
        }

        func batch() async -> [PipecatEvent] {
            switch stream {
            case .app(let stream):
                var events = stream.makeAsyncIterator()
                return await events.next().map { [$0] } ?? []
            case .core(let stream):
                return await withTaskCancellationHandler {
                    await stream.batch()
                } onCancel: {
                    stream.stop()
                }
            }
        }
    }
}

extension FfiEventStream {
    /// Waits for the next events; none at the end. A failure ends it too, and is a line in the log.
    func batch() async -> [PipecatEvent] {
        do {
            return try await nextEvents(max: PipecatEvents.batch)
        } catch {
            logError(line: "the events of a client can't be read any more: \(error.localizedDescription)")
            return []
        }
    }
}
