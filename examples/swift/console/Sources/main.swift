// A conversation with a Pipecat bot on the command line.
import Foundation

guard let arguments = Arguments(CommandLine.arguments.dropFirst()), let target = arguments.target else {
    print(Arguments.usage)
    exit(2)
}
do {
    let conversation = try Conversation(arguments, target: target)
    try await conversation.hold(sending: arguments.texts, waitsForSpeech: arguments.microphone != nil)
} catch {
    print("console: \(error)")
    exit(1)
}
