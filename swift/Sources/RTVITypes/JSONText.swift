import Foundation

// JSON text and values. Foundation's own reader has one kind of number and guesses which were
// integers; the core keeps them apart.

extension Value {
    /// Reads JSON text.
    ///
    /// Throws ``RTVIError`` of the kind `invalidArgument`. Its message gives the place of the error
    /// but none of the text's content.
    public init(json: String) throws {
        do {
            self = try parseJson(text: json)
        } catch let error as FfiError {
            throw RTVIError(error)
        }
    }

    /// Reads JSON text that the core has printed.
    init(core text: String) {
        var text = text
        self = text.withUTF8 { bytes in
            var reader = CoreJSONReader(bytes: bytes)
            return reader.value()
        }
    }

    /// The value as JSON text, with members ordered by name. Numbers that JSON cannot represent
    /// (infinite, not a number) become `null`.
    public var json: String {
        var text = ""
        write(to: &text)
        return text
    }

    private func write(to text: inout String) {
        switch self {
        case .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .integer(let value): text += String(value)
        case .unsigned(let value): text += String(value)
        case .number(let value): text += value.isFinite ? String(describing: value) : "null"
        case .string(let value): Value.write(value, to: &text)
        case .array(let values): Value.write(values, to: &text)
        case .object(let members): Value.write(members, to: &text)
        }
    }

    private static func write(_ values: [Value], to text: inout String) {
        text += "["
        for (index, value) in values.enumerated() {
            if index > 0 { text += "," }
            value.write(to: &text)
        }
        text += "]"
    }

    private static func write(_ members: [String: Value], to text: inout String) {
        text += "{"
        for (index, member) in members.sorted(by: { $0.key < $1.key }).enumerated() {
            if index > 0 { text += "," }
            write(member.key, to: &text)
            text += ":"
            member.value.write(to: &text)
        }
        text += "}"
    }

    private static func write(_ string: String, to text: inout String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}

/// Reads JSON as the core prints it: valid, without spaces, and not nested too deeply.
struct CoreJSONReader {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0

    init(bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    mutating func value() -> Value {
        switch peek {
        case UInt8(ascii: "{"): return object()
        case UInt8(ascii: "["): return array()
        case UInt8(ascii: "\""): return .string(string())
        case UInt8(ascii: "t"): return word(4, .bool(true))
        case UInt8(ascii: "f"): return word(5, .bool(false))
        case UInt8(ascii: "n"): return word(4, .null)
        default: return number()
        }
    }

    private mutating func object() -> Value {
        // Most have several, and growing costs as much as reading.
        var members = [String: Value](minimumCapacity: 4)
        repeat {
            position += 1
            if peek == UInt8(ascii: "}") { break }
            let name = string()
            position += 1
            members[name] = value()
        } while peek == UInt8(ascii: ",")
        position += 1
        return .object(members)
    }

    private mutating func array() -> Value {
        var values: [Value] = []
        repeat {
            position += 1
            if peek == UInt8(ascii: "]") { break }
            values.append(value())
        } while peek == UInt8(ascii: ",")
        position += 1
        return .array(values)
    }

    private mutating func word(_ length: Int, _ value: Value) -> Value {
        position += length
        return value
    }

    private mutating func number() -> Value {
        let digits = plain { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "]") || $0 == UInt8(ascii: "}") }
        let text = String(decoding: digits, as: UTF8.self)
        if let integer = Int64(text) { return .integer(integer) }
        if let integer = UInt64(text) { return .unsigned(integer) }
        return Double(text).map(Value.number) ?? .null
    }

    private mutating func string() -> String {
        position += 1
        var text = plain { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }
        guard peek == UInt8(ascii: "\\") else {
            position += 1
            return String(decoding: text, as: UTF8.self)
        }
        var whole = Array(text)
        while peek == UInt8(ascii: "\\") {
            whole.append(escape())
            text = plain { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }
            whole.append(contentsOf: text)
        }
        position += 1
        return String(decoding: whole, as: UTF8.self)
    }

    /// The core escapes quotes, backslashes and control characters only.
    private mutating func escape() -> UInt8 {
        position += 2
        switch position <= bytes.count ? bytes[position - 1] : 0 {
        case UInt8(ascii: "b"): return 8
        case UInt8(ascii: "f"): return 12
        case UInt8(ascii: "n"): return 10
        case UInt8(ascii: "r"): return 13
        case UInt8(ascii: "t"): return 9
        case UInt8(ascii: "u"):
            position += 4
            let digits = bytes.prefix(position).suffix(4)
            return UInt8(String(decoding: digits, as: UTF8.self), radix: 16) ?? 0
        case let byte: return byte
        }
    }

    /// The bytes up to one that ends them.
    private mutating func plain(until isEnd: (UInt8) -> Bool) -> Slice<UnsafeBufferPointer<UInt8>> {
        let start = min(position, bytes.count)
        position = start
        while let byte = peek, !isEnd(byte) { position += 1 }
        return bytes[start..<position]
    }

    private var peek: UInt8? {
        position < bytes.count ? bytes[position] : nil
    }
}
