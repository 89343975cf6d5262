import RTVI
import RTVIUI
import XCTest

/// A turn's text, and what of it was heard.
final class PassageTests: XCTestCase {
    private func segment(_ text: String, _ state: SegmentState, spoken: String = "") -> BotPart {
        .segment(Segment(id: nil, kind: .sentence, text: text, state: state, spokenText: spoken, growing: false))
    }

    private func bot(_ text: String, _ parts: BotPart...) -> Turn {
        Turn(id: 1, text: text, heardText: "", truncated: false, content: .bot(BotTurn(parts: parts, audio: nil)))
    }

    private func user(_ final: String, interim: String?) -> Turn {
        let user = UserTurn(
            finalText: final, interim: interim, llmText: nil, typed: false, speaking: true, userId: nil, timestamp: nil,
            msgId: nil, backchannels: [])
        let text = [final, interim ?? ""].filter { !$0.isEmpty }.joined(separator: " ")
        return Turn(id: 0, text: text, heardText: final, truncated: false, content: .user(user))
    }

    func testWhatTheBotHasSaidAndWillSay() {
        let turn = bot(
            "Hello. How are you? I am well.", segment("Hello.", .spoken, spoken: "Hello."),
            segment("How are you?", .speaking, spoken: "How are"), segment("I am well.", .pending))
        XCTAssertEqual(turn.passages, [Passage("Hello. How are", .said), Passage(" you? I am well.", .coming)])
    }

    func testSpacesAreThoseOfTheText() {
        let turn = bot("你好。再见", segment("你好。", .spoken, spoken: "你好。"), segment("再见", .pending))
        XCTAssertEqual(turn.passages, [Passage("你好。", .said), Passage("再见", .coming)])
        let tokens = bot("Hel lo", segment("Hel", .unspoken), segment(" lo", .unspoken))
        XCTAssertEqual(tokens.passages, [Passage("Hel lo", .said)])
    }

    func testWhatAnInterruptionCutOff() {
        let turn = bot("One two three.", segment("One two three.", .interrupted, spoken: "One two"))
        XCTAssertEqual(turn.passages, [Passage("One two", .said), Passage(" three.", .unheard)])
        let nothing = bot("Never heard.", segment("Never heard.", .interrupted))
        XCTAssertEqual(nothing.passages, [Passage("Never heard.", .unheard)])
        // An old server spells the number out.
        let spelled = bot(
            "It is 5. So.", segment("It is 5.", .interrupted, spoken: "It is five"), segment("So.", .unspoken))
        XCTAssertEqual(spelled.passages, [Passage("It is five So.", .said)])
    }

    func testWhatIsWrittenOnly() {
        XCTAssertEqual(bot("let x = 1", segment("let x = 1", .unspoken)).passages, [Passage("let x = 1", .said)])
    }

    func testTheUserIsTranscribed() {
        XCTAssertEqual(user("Good", interim: "morn").passages, [Passage("Good", .said), Passage(" morn", .coming)])
        XCTAssertEqual(user("Good morning", interim: nil).passages, [Passage("Good morning", .said)])
        XCTAssertEqual(user("", interim: nil).passages, [])
        XCTAssertTrue(user("", interim: nil).isUser)
    }

    func testFunctionCallsAreNoText() {
        let call = FunctionCallEntry(toolCallId: "1", functionName: "f", arguments: nil, state: .running, result: nil)
        let turn = bot("", .functionCall(call), .userBackchannel(text: "mhm"))
        XCTAssertEqual(turn.passages, [])
        XCTAssertEqual(turn.functionCalls, [call])
        XCTAssertFalse(turn.isUser)
    }
}
