import Foundation

// What a benchmark prints, and the clocks it looks at.

/// Prints one figure as a line of JSON, as `cargo xtask bench` reads it.
func figure(_ name: String, _ value: Double, _ unit: String, goal: Double? = nil, better: String = "lower") {
    let goal = goal.map { "\($0)" } ?? "null"
    print(#"{"name":"\#(name)","value":\#(value),"unit":"\#(unit)","goal":\#(goal),"better":"\#(better)"}"#)
}

/// The middle one of the values.
func median(_ values: [Double]) -> Double {
    values.sorted()[values.count / 2]
}

/// Seconds.
enum Clock {
    /// Since some moment.
    static var elapsed: Double { seconds(CLOCK_MONOTONIC) }
    /// That all threads of the process have worked, user and system.
    static var cpu: Double { seconds(CLOCK_PROCESS_CPUTIME_ID) }
    /// That the calling thread has worked.
    static var threadCPU: Double { seconds(CLOCK_THREAD_CPUTIME_ID) }

    private static func seconds(_ clock: clockid_t) -> Double {
        var time = timespec()
        clock_gettime(clock, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}

/// The most memory that was resident at any time, in megabytes (10⁶ bytes); nothing where the
/// system does not say.
func peakMegabytes() -> Double? {
    let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = status?.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return line.flatMap { Double($0.filter(\.isNumber)) }.map { $0 * 1024 / 1e6 }
}
