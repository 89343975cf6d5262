import Foundation

/// H.264 in its two forms: with start codes (Annex B), as it crosses to the core, and with lengths
/// (AVCC), as the system's encoder and decoder have it.
package enum AnnexB {
    private static let startCode: [UInt8] = [0, 0, 0, 1]

    /// The NAL units of a stream with start codes of three or four bytes, without empty ones. Bytes
    /// before the first start code are no unit.
    package static func units(in data: Data) -> [Data] {
        var units: [Data] = []
        var begin: Data.Index?
        var index = data.startIndex
        while index + 2 < data.endIndex {
            guard data[index + 2] <= 1 else {
                index += 3
                continue
            }
            guard data[index] == 0, data[index + 1] == 0, data[index + 2] == 1 else {
                index += 1
                continue
            }
            if let begin { add(data[begin..<index], to: &units) }
            index += 3
            begin = index
        }
        if let begin { add(data[begin...], to: &units) }
        return units
    }

    /// A stream with start codes.
    package static func stream(of units: [Data]) -> Data {
        units.reduce(into: Data(capacity: units.reduce(0) { $0 + $1.count + 4 })) {
            $0 += startCode
            $0 += $1
        }
    }

    /// Each unit after its length in four bytes.
    package static func lengthPrefixed(_ units: [Data]) -> Data {
        units.reduce(into: Data()) { data, unit in
            let length = UInt32(clamping: unit.count)
            data += [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: length >> $0) }
            data += unit
        }
    }

    /// The units of data with lengths of this many bytes; `nil` if a length is wrong.
    package static func units(inLengthPrefixed data: Data, lengthSize: Int = 4) -> [Data]? {
        guard (1...4).contains(lengthSize) else { return nil }
        var units: [Data] = []
        var rest = data
        while !rest.isEmpty {
            guard rest.count >= lengthSize else { return nil }
            let length = rest.prefix(lengthSize).reduce(0) { $0 << 8 | Int($1) }
            rest = rest.dropFirst(lengthSize)
            guard rest.count >= length else { return nil }
            if length > 0 { units.append(rest.prefix(length)) }
            rest = rest.dropFirst(length)
        }
        return units
    }

    /// Zeros at the end of a unit belong to the next start code.
    private static func add(_ unit: Data, to units: inout [Data]) {
        let trailing = unit.reversed().prefix { $0 == 0 }.count
        let unit = unit.dropLast(trailing)
        if !unit.isEmpty { units.append(unit) }
    }
}
