import Foundation

extension Value {
    /// Encodes a value of any encodable type.
    ///
    /// Throws the errors of the type's encoding.
    public init(encoding value: some Encodable) throws {
        if let value = value as? Value {
            self = value
        } else {
            let data = try JSONEncoder().encode(value)
            try self.init(json: String(decoding: data, as: UTF8.self))
        }
    }

    /// Decodes the value as a type of the app's own: `try message.decode(Order.self)`.
    ///
    /// Throws `DecodingError` when it does not fit.
    public func decode<T: Decodable>(_ type: T.Type = T.self) throws -> T {
        if let value = self as? T { return value }
        return try JSONDecoder().decode(type, from: Data(json.utf8))
    }
}

extension Value: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Int64.self) {
            self = .integer(value)
        } else if let value = try? container.decode(UInt64.self) {
            self = .unsigned(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else if let value = try? container.decode([Value].self) {
            self = .array(value)
        } else {
            self = .object(try container.decode([String: Value].self))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let value): try container.encode(value)
        case .integer(let value): try container.encode(value)
        case .unsigned(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .string(let value): try container.encode(value)
        case .array(let value): try container.encode(value)
        case .object(let value): try container.encode(value)
        }
    }
}
