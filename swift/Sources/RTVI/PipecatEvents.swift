import RTVITypes

/// The events of a client from the moment this was asked for, in order and without gaps; see ``PipecatClient/events``.
///
/// For one loop. Ends when the client is closed, when the loop is left, and when its task is cancelled; no event is kept for it from then on,
/// even where this is stored.
public struct PipecatEvents: AsyncSequence, Sendable {
    /// An event.
    public typealias Element = PipecatEvent

    /// How many events cross from the core at a time, at most.
    static let batch: UInt32 = 256

    private let source: Source?

    /// None: the client was closed.
    init(_ stream: FfiEventStream?) {
        source = stream.map(Source.init)
    }

    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(loop: source.map(Loop.init))
    }

    /// Takes the events one by one.
    public struct AsyncIterator: AsyncIteratorProtocol, Sendable {
        let loop: Loop?
        var waiting: ArraySlice<PipecatEvent> = []

        /// Waits for the next event; nothing at the end.
        public mutating func next() async -> PipecatEvent? {
            if waiting.isEmpty, let loop {
                waiting = await loop.source.batch()[...]
            }
            return waiting.popFirst()
        }

        #if compiler(>=6.0)
            /// The same without leaving the actor of the loop for an event that is there already.
            public mutating func next(isolation actor: isolated (any Actor)?) async -> PipecatEvent? {
                if waiting.isEmpty, let loop {
                    waiting = await loop.source.batch()[...]
                }
                return waiting.popFirst()
            }
        #endif
    }

    /// Stops the core's stream when the loop is left.
    final class Loop: Sendable {
        let source: Source

        init(_ source: Source) {
            self.source = source
        }

        deinit {
            source.stop()
        }
    }

    /// Stops the core's stream when nobody can read it any more: one that is not read would hold up the session.
    final class Source: Sendable {
        private let stream: FfiEventStream

        init(_ stream: FfiEventStream) {
            self.stream = stream
        }

        deinit {
            stop()
        }

        func stop() {
            stream.stop()
        }

        func batch() async -> [PipecatEvent] {
            await withTaskCancellationHandler {
                // It fails only if the core does, and then it is over.
                (try? await stream.nextEvents(max: PipecatEvents.batch)) ?? []
            } onCancel: {
                stream.stop()
            }
        }
    }
}
