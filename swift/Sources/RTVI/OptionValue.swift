import Foundation

/// A value that can be encoded for the core.
protocol OptionValue {
    var asValue: Value { get }
}

/// Builds the members of an object.
struct OptionMembers {
    private var members: [String: Value] = [:]

    var asValue: Value { .object(members) }

    mutating func put(_ name: String, _ value: some OptionValue) {
        members[name] = value.asValue
    }

    /// Adds the member unless it equals its default.
    mutating func put<T: OptionValue & Equatable>(_ name: String, _ value: T, _ byDefault: T) {
        if value != byDefault { put(name, value) }
    }

    /// Adds a time unless it equals its default.
    mutating func putTime(_ name: String, _ seconds: TimeInterval?, _ byDefault: TimeInterval?) {
        if seconds != byDefault { members[name] = seconds.map { .integer(Int64(milliseconds($0))) } ?? .null }
    }
}

extension Value: OptionValue {
    var asValue: Value { self }
}

extension Bool: OptionValue {
    var asValue: Value { .bool(self) }
}

extension Int: OptionValue {
    var asValue: Value { .integer(Int64(UInt32(clamping: self))) }
}

extension Float: OptionValue {
    var asValue: Value { .number(Double(self)) }
}

extension String: OptionValue {
    var asValue: Value { .string(self) }
}

extension URL: OptionValue {
    var asValue: Value { .string(absoluteString) }
}

extension Optional: OptionValue where Wrapped: OptionValue {
    var asValue: Value { map(\.asValue) ?? .null }
}

extension Array: OptionValue where Element: OptionValue {
    var asValue: Value { .array(map(\.asValue)) }
}
