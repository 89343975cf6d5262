import Foundation
import RTVI
import XCTest

final class ValueTests: XCTestCase {
    func testTextAndValue() throws {
        let text = #"{"a":[null,true,-1,1.5,"ü\n\u0001"],"b":{},"c":[]}"#
        let value = try Value(json: text)
        XCTAssertEqual(value["a"]?.array?.count, 5)
        XCTAssertEqual(value["a"]?[4]?.string, "ü\n\u{1}")
        XCTAssertEqual(value["b"]?.object, [:])
        XCTAssertEqual(value.json, text)
        XCTAssertNil(value["z"])
        XCTAssertNil(value["a"]?[5])
    }

    func testEscapesAreReadAndWritten() throws {
        let value = try Value(json: #" [ "\b\f\n\r\t\"\\\/\u001f\u00e9", "a\\", {"\"":"\\\""} ] "#)
        XCTAssertEqual(value[0]?.string, "\u{8}\u{c}\n\r\t\"\\/\u{1f}é")
        XCTAssertEqual(value[1]?.string, "a\\")
        XCTAssertEqual(value[2]?["\""]?.string, "\\\"")
        XCTAssertEqual(try Value(json: value.json), value)
    }

    func testIntegersAreExact() throws {
        let value = try Value(json: "[9007199254740993,18446744073709551615,-9223372036854775808,-0,1e2]")
        XCTAssertEqual(value[0], .integer(9_007_199_254_740_993))
        XCTAssertEqual(value[1], .unsigned(.max))
        XCTAssertEqual(value[2], .integer(.min))
        XCTAssertEqual(value.json, "[9007199254740993,18446744073709551615,-9223372036854775808,-0.0,100.0]")
        XCTAssertEqual(try value.decode([Double].self)[4], 100)
    }

    func testNumbersAreEqualByValue() {
        XCTAssertEqual(Value.integer(1), Value.number(1))
        XCTAssertEqual(Value.integer(1).hashValue, Value.number(1).hashValue)
        XCTAssertNotEqual(Value.integer(9_007_199_254_740_993), Value.number(9_007_199_254_740_992))
        XCTAssertNotEqual(Value.integer(1), Value.bool(true))
        XCTAssertEqual(Value.number(2).integer, 2)
        XCTAssertNil(Value.number(2.5).integer)
    }

    func testLiterals() {
        let value: Value = ["size": "large", "count": 2, "price": 1.5, "gift": true, "note": nil, "tags": ["a"]]
        XCTAssertEqual(value["count"]?.integer, 2)
        XCTAssertEqual(value["price"]?.number, 1.5)
        XCTAssertEqual(value["gift"]?.bool, true)
        XCTAssertEqual(value["note"]?.isNull, true)
        XCTAssertEqual(value["tags"]?[0]?.string, "a")
    }

    func testWhatIsNoJSON() {
        let texts = [
            "", "{", "[1", "{\"a\"}", "{\"a\":}", "[1,]", "01", "1.", "1e", "+1", "tru", "\"a", "\"\\x\"", "\"\\u12\"", "\"\\ud800\"",
            "\"\u{1}\"", "1 2", "nul", "1e999", String(repeating: "[", count: 100_000),
        ]
        for text in texts {
            XCTAssertThrowsError(try Value(json: text), text) { error in
                XCTAssertEqual((error as? RTVIError)?.kind, .invalidArgument)
            }
        }
    }

    func testSurrogates() throws {
        XCTAssertEqual(try Value(json: #""\ud83d\ude00 \u00e9\/""#).string, "😀 é/")
    }

    private struct Order: Codable, Equatable {
        var name: String
        var count: Int
        var big: UInt64
        var extra: Value?
    }

    func testCodableBothWays() throws {
        let order = Order(name: "tea", count: 2, big: .max, extra: ["a": [1, 2.5]])
        let value = try Value(encoding: order)
        XCTAssertEqual(value["big"], .unsigned(.max))
        XCTAssertEqual(value["extra"]?["a"]?[1], .number(2.5))
        XCTAssertEqual(try value.decode(Order.self), order)
        XCTAssertThrowsError(try Value.string("x").decode(Order.self))
        XCTAssertEqual(try Value(encoding: value), value)
    }
}
