// A conversation with a Pipecat bot on the command line.
import Foundation

guard let arguments = Arguments(CommandLine.arguments.dropFirst()), let target = arguments.target else {
    print(Arguments.usage)
    exit(2)
}
do {
    let talk = try Talk(arguments, target: target)
    try await talk.hold(sending: arguments.texts, waitsForSpeech: arguments.microphone != nil)
} catch {
    print("console: \(error)")
    exit(1)
}
