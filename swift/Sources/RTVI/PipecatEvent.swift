import RTVITypes

extension PipecatEvent {
    /// The event's data as JSON, in the form that all Pipecat SDKs share; `nil` if it has none. A
    /// server message keeps its wire form. Each read builds a new value.
    /// Also `nil` for an event that the app made from JSON nested more than 127 deep.
    public var json: Value? { orNil("an event has no JSON") { try eventData(event: self) } }
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
