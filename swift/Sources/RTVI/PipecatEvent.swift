import RTVITypes

extension PipecatEvent {
    /// The event's data as JSON, in the form that all Pipecat SDKs share; `nil` if it has none. A
    /// server message keeps its wire form. Each read builds a new value.
    public var json: Value? { eventData(event: self) }
}

extension PipecatEvent: CustomStringConvertible {
    /// Its name and data.
    public var description: String {
        json.map { "\(name) \($0.json)" } ?? name
    }
}

extension TransportState {
    /// The state's name for people, in English, such as `Connected`.
    public var description: String {
        let name = "\(self)"
        return name.prefix(1).uppercased() + name.dropFirst()
    }
}
