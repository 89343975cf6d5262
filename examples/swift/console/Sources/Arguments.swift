import Foundation
import RTVI

/// What the command line asks for.
struct Arguments {
    /// Where the bot is.
    enum Target {
        case webSocket(URL)
        case offer(URL)
        case start(URL)
    }

    static let usage = """
        usage: console (--ws URL | --offer URL | --start URL) [--mic FILE.wav] [--speaker FILE.wav] [--send TEXT]...

        Talks with a Pipecat bot: plays a WAV file as the user's voice, sends texts, and prints who says what.
        On a Mac without --mic and --speaker it uses the machine's own.
        """

    private(set) var target: Target?
    private(set) var microphone: URL?
    private(set) var speaker: URL?
    private(set) var texts: [String] = []

    /// Nothing if the command line can't be used.
    init?(_ arguments: some Sequence<String>) {
        var rest = Array(arguments)[...]
        while let name = rest.popFirst() {
            guard let value = rest.popFirst(), take(name, value) else { return nil }
        }
        guard target != nil else { return nil }
    }

    private mutating func take(_ name: String, _ value: String) -> Bool {
        switch name {
        case "--ws": target = URL(string: value).map(Target.webSocket)
        case "--offer": target = URL(string: value).map(Target.offer)
        case "--start": target = URL(string: value).map(Target.start)
        case "--mic": microphone = URL(fileURLWithPath: value)
        case "--speaker": speaker = URL(fileURLWithPath: value)
        case "--send": texts.append(value)
        default: return false
        }
        return true
    }
}
