import Dispatch

/// A task on the main actor whose calls reach the core before those of tasks that are begun later.
///
/// A call leaves the main actor for one of many threads, and of two calls whose tasks run at a time either may be first. A scenario says
/// which: here all share one thread. Where that can't be had, systems older than the tests, a late one is very unlikely.
@MainActor
func inOrder(_ operation: @escaping @MainActor () async -> Void) -> Task<Void, Never> {
    if #available(macOS 15, iOS 18, *) {
        return Task(executorPreference: OneAtATime.shared) { await operation() }
    }
    return Task { await operation() }
}

/// Runs what is on no actor one after the other.
@available(macOS 15, iOS 18, *)
private final class OneAtATime: TaskExecutor {
    static let shared = OneAtATime()
    private let queue = DispatchQueue(label: "calls")

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
