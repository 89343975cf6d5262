// rtvi-bench BENCHMARK [URL [COUNT]]: what the package costs an app. `cargo xtask bench` builds and
// runs it; each figure is a line of JSON.
import Foundation
import RTVI

let arguments = CommandLine.arguments.dropFirst() + ["", "", ""]
let url = arguments.dropFirst().first ?? ""
let total = Int(arguments.dropFirst(2).first ?? "") ?? 0

switch arguments.first {
case "events": try await loop(url, total: total)
case "delegate": try await delegate(url, total: total)
case "calls": try await calls()
case "connect": try await connect("swift-connect", { WebSocketTransport() }, ["wsUrl": .string(url)])
case "connect-webrtc":
    try await connect("swift-connect-webrtc", { SmallWebRTCTransport() }, ["webrtcRequestParams": ["endpoint": .string(url)]])
case "push": try push()
case "pull": try await pull(url)
case "memory": try await memory(url)
default:
    print("usage: rtvi-bench BENCHMARK [URL [COUNT]]")
    exit(2)
}
