// rtvi-scenario webrtc|websocket|livekit FILE: carries out a scenario (a file of tests/scenarios)
// and prints what happens, one JSON object a line, as `rtvi talk --json` does.
import Foundation
import RTVI
import RTVITesting

let arguments = CommandLine.arguments
guard arguments.count == 3, let transport = TestTransport(rawValue: arguments[1]), let bot = TestBot() else {
    print("rtvi-scenario webrtc|websocket|livekit FILE, with the bot in RTVI_TEST_WS, RTVI_TEST_START, RTVI_TEST_OFFER and RTVI_TEST_ROOM")
    exit(2)
}
let steps = try String(contentsOfFile: arguments[2], encoding: .utf8).split(separator: "\n")
    .filter { !$0.hasPrefix("#") }.map { try Value(json: String($0)) }
let scenario = try Scenario(bot: bot, transport: transport)
for step in steps {
    await scenario.carryOut(step)
}
await scenario.end()
exit(scenario.hasFailed ? 1 : 0)
