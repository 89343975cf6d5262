#if os(Linux)
/// Swift 6.0's library Observation for Linux needs this function, and no library of its release exports
/// it: without it, nothing that observes can be linked.
@_cdecl("_ZN5swift9threading5fatalEPKcz")
public func swiftThreadingFatal() {
    fatalError("a lock of Observation failed")
}
#endif
