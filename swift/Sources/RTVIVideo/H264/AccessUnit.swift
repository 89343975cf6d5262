import Foundation

/// The parameter sets with which a decoder must begin.
package struct ParameterSets: Equatable, Sendable {
    package let sps: Data
    package let pps: Data
}

/// One picture of an H.264 stream.
package struct AccessUnit: Equatable, Sendable {
    private static let idr: UInt8 = 5
    private static let sps: UInt8 = 7
    private static let pps: UInt8 = 8
    private static let delimiter: UInt8 = 9

    /// The parameter sets, if the picture carries both.
    package let parameters: ParameterSets?
    /// The units of the picture itself.
    package let slices: [Data]

    /// Reads a picture with start codes; `nil` if it contains none.
    package init?(annexB data: Data) {
        let units = AnnexB.units(in: data)
        let last = { (kind: UInt8) in units.last { Self.kind(of: $0) == kind } }
        parameters = last(Self.sps).flatMap { sps in last(Self.pps).map { ParameterSets(sps: sps, pps: $0) } }
        slices = units.filter { ![Self.sps, Self.pps, Self.delimiter].contains(Self.kind(of: $0)) }
        guard !slices.isEmpty else { return nil }
    }

    /// Whether it can be decoded without an earlier picture.
    package var isKey: Bool { slices.contains { Self.kind(of: $0) == Self.idr } }

    /// What the system's encoder delivers, with start codes. A key frame begins with its parameter
    /// sets; `nil` if they are missing, or if the data are unreadable.
    package static func annexB(encoded: Data, lengthSize: Int, isKey: Bool, parameters: [Data]) -> Data? {
        guard let units = AnnexB.units(inLengthPrefixed: encoded, lengthSize: lengthSize), !units.isEmpty else { return nil }
        let slices = units.filter { ![sps, pps].contains(kind(of: $0)) }
        guard isKey else { return AnnexB.stream(of: slices) }
        guard parameters.count >= 2 else { return nil }
        return AnnexB.stream(of: parameters + slices)
    }

    private static func kind(of unit: Data) -> UInt8 { (unit.first ?? 0) & 0x1F }
}
