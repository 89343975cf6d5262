import RTVITypes

extension PipecatEvent {
    /// Its data as JSON, as the other Pipecat SDKs have it; of a server's message in wire form. Nothing where it has none. Made anew by every
    /// call.
    public var json: Value? { eventData(event: self) }
}

extension PipecatEvent: CustomStringConvertible {
    /// Its name and data.
    public var description: String {
        json.map { "\(name) \($0.json)" } ?? name
    }
}

extension TransportState {
    /// Its name for people, in English, such as `Connected`.
    public var description: String {
        let name = "\(self)"
        return name.prefix(1).uppercased() + name.dropFirst()
    }
}
