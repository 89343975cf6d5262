import Foundation

// JSON text and values. Foundation's own reader has one kind of number and guesses which were
// integers; this one distinguishes them.

extension Value {
    /// Reads JSON text.
    ///
    /// Throws ``RTVIError`` of the kind `invalidArgument`. Its message states where the text is not
    /// JSON, without quoting it.
    public init(json: String) throws {
        var json = json
        self = try json.withUTF8 { bytes in
            var reader = JSONReader(bytes: bytes)
            return try reader.document()
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

/// Reads one JSON document from UTF-8.
struct JSONReader {
    /// Deeper nesting is rejected, so that no text can exhaust the stack; the core has the same
    /// limit.
    private static let maxDepth = 128

    private let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0

    init(bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    mutating func document() throws -> Value {
        let value = try value(depth: 0)
        skipSpace()
        guard position == bytes.count else { throw malformed("more after the end") }
        return value
    }

    private mutating func value(depth: Int) throws -> Value {
        guard depth < Self.maxDepth else { throw malformed("nested too deeply") }
        skipSpace()
        switch peek {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    private mutating func object(depth: Int) throws -> Value {
        position += 1
        skipSpace()
        if take("}") { return .object([:]) }
        // Most have several, and growing costs as much as reading.
        var members = [String: Value](minimumCapacity: 4)
        while true {
            skipSpace()
            guard peek == UInt8(ascii: "\"") else { throw malformed("expected a name") }
            let name = try string()
            skipSpace()
            guard take(":") else { throw malformed("expected a colon") }
            members[name] = try value(depth: depth + 1)
            skipSpace()
            if take("}") { return .object(members) }
            guard take(",") else { throw malformed("expected a comma or brace") }
        }
    }

    private mutating func array(depth: Int) throws -> Value {
        position += 1
        var values: [Value] = []
        skipSpace()
        if take("]") { return .array(values) }
        while true {
            values.append(try value(depth: depth + 1))
            skipSpace()
            if take("]") { return .array(values) }
            guard take(",") else { throw malformed("expected a comma or bracket") }
        }
    }

    private mutating func word(_ word: StaticString, _ value: Value) throws -> Value {
        let end = position + word.utf8CodeUnitCount
        guard end <= bytes.count, (0..<word.utf8CodeUnitCount).allSatisfy({ bytes[position + $0] == word.utf8Start[$0] })
        else { throw malformed("expected a value") }
        position = end
        return value
    }

    private mutating func number() throws -> Value {
        let start = position
        var isInteger = true
        _ = take("-")
        let first = peek
        guard digits() > 0, first != UInt8(ascii: "0") || position - start <= (bytes[start] == UInt8(ascii: "-") ? 2 : 1)
        else { throw malformed("expected a value") }
        if take(".") {
            isInteger = false
            guard digits() > 0 else { throw malformed("expected a digit") }
        }
        if take("e") || take("E") {
            isInteger = false
            if !take("+") { _ = take("-") }
            guard digits() > 0 else { throw malformed("expected a digit") }
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if isInteger, text != "-0" {
            if let integer = Int64(text) { return .integer(integer) }
            if let integer = UInt64(text) { return .unsigned(integer) }
        }
        guard let number = Double(text), number.isFinite else { throw malformed("number out of range") }
        return .number(number)
    }

    private mutating func digits() -> Int {
        let start = position
        while let byte = peek, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
        return position - start
    }

    private mutating func string() throws -> String {
        position += 1
        let start = position
        while let byte = peek, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { position += 1 }
        let plain = String(decoding: bytes[start..<position], as: UTF8.self)
        if take("\"") { return plain }
        return try escaped(after: plain)
    }

    private mutating func escaped(after plain: String) throws -> String {
        var text = Array(plain.utf8)
        while let byte = peek {
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"): text.append(contentsOf: try escape())
            case 0..<0x20: throw malformed("control character in a text")
            default: text.append(byte)
            }
        }
        throw malformed("text without end")
    }

    private mutating func escape() throws -> [UInt8] {
        guard let byte = peek else { throw malformed("text without end") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
        case UInt8(ascii: "b"): return [8]
        case UInt8(ascii: "f"): return [12]
        case UInt8(ascii: "n"): return [10]
        case UInt8(ascii: "r"): return [13]
        case UInt8(ascii: "t"): return [9]
        case UInt8(ascii: "u"): return try unicode()
        default: throw malformed("unknown escape")
        }
    }

    private mutating func unicode() throws -> [UInt8] {
        var code = UInt32(try unit())
        if (0xD800..<0xDC00).contains(code), take("\\"), take("u") {
            let low = UInt32(try unit())
            guard (0xDC00..<0xE000).contains(low) else { throw malformed("half a surrogate pair") }
            code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(code) else { throw malformed("half a surrogate pair") }
        return Array(String(Character(scalar)).utf8)
    }

    private mutating func unit() throws -> UInt16 {
        let end = position + 4
        guard end <= bytes.count else { throw malformed("text without end") }
        let digits = bytes[position..<end]
        guard digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
            let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
        else { throw malformed("expected four hexadecimal digits") }
        position = end
        return unit
    }

    private var peek: UInt8? {
        position < bytes.count ? bytes[position] : nil
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard peek == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private func malformed(_ why: String) -> RTVIError {
        RTVIError(.invalidArgument, "not JSON: \(why) at byte \(position)")
    }
}
