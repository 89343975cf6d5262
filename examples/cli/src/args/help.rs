//! The long texts of `--help`.

pub(super) const EXIT_CODES: &str = "Exit codes:
  0  done (also after Ctrl-C in a session)
  1  failed while running
  2  wrong usage
  3  could not connect";

pub(super) const TRACE_CODES: &str = "Exit codes:
  0  done
  1  the output could not be written
  2  the file is no trace that can be read";

pub(super) const EXAMPLES: &str = "Examples:
  rtvi demo
  rtvi demo --transport websocket
  rtvi bot --port 7860
  rtvi devices
  rtvi talk --start http://localhost:7860/start --mic default --speaker default
  rtvi talk --start http://localhost:7860/start --mic wav:hello.wav --speaker wav:answer.wav
  rtvi doctor http://localhost:7860/start
  rtvi talk --ws ws://localhost:7860/ws --mic tone:440 --duration 5 --trace bug.jsonl
  rtvi trace bug.jsonl --html bug.html
  rtvi load --ws ws://localhost:7860/ws --calls 20 --ramp 5 --html load.html

Exit codes:
  0  done (also after Ctrl-C in a session)
  1  failed while running
  2  wrong usage
  3  could not connect";

pub(super) const TALK_HELP: &str = r#"How a session ends:
  With --script     when the script ends.
  With --duration   that long after the bot became ready.
  Otherwise         when every message was sent, a WAV microphone has ended, and the bot has been
                    silent for --linger seconds. With --mic tone, silence or a device, or without
                    --mic but with video, and nothing to send: on Ctrl-C.
  In all cases, the session also ends when the bot leaves, when the connection can't be restored,
  or on Ctrl-C, which disconnects gracefully.

  With --mic on a terminal: m turns the microphone off and on; with --push-to-talk, hold the space
  bar to talk; q or Ctrl-C ends the session.

  Messages, requests and keys are sent as soon as the bot is ready. Texts are sent one by one, each
  after the answer to the previous one, and after a WAV microphone has ended.

--json prints one object per line on stdout, and nothing else there:
  {"ms":12.3,"event":"botReady","data":{...}}     an event, named as in the other Pipecat SDKs
  {"ms":12.4,"call":"sendText"}                   a call begins
  {"ms":12.5,"result":"sendText","ok":null}       it ended; ok is its result, or
                                                  "error":{"kind":...,"message":...}
  {"summary":{"outcome":"done",...}}              the last line; outcome is done, interrupted,
                                                  failed or notConnected

--script FILE holds one JSON object per line; empty lines and lines that begin with # are skipped:
  {"do":"startBotAndConnect"}                     also initDevices, startBot, connect,
                                                  disconnectBot, disconnect
  {"do":"sendText","content":"Hello","options":{"audio_response":false}}
  {"do":"sendClientMessage","type":"volume","data":{"level":3}}
  {"do":"sendClientRequest","type":"get-language","timeoutMs":2000}
  {"do":"sendDtmf","keys":"12#"}
  {"do":"enableMic","enable":false}
  {"do":"pressToTalk"}                            also releaseToTalk; both for --push-to-talk
  {"do":"enableCam","enable":false}               also enableScreenShare
  {"do":"updateMic","deviceId":"default"}         also updateSpeaker and updateCam
  {"do":"waitFor","event":"transportStateChanged","match":"ready","timeoutMs":5000}
  {"do":"sleep","ms":100}
  waitFor finds events after the one that the previous waitFor found. It waits 10 s, or timeoutMs;
  match is what the data must contain. "background":true starts a call and continues with the next
  line. A failed call does not end the script; a failed waitFor makes the outcome "failed".

Transports:
  With --start      the answer decides: wsUrl means a WebSocket; url and token mean a LiveKit room;
                    sessionId, webrtcRequestParams, webrtcUrl or iceConfig mean WebRTC. --transport
                    requests a transport from the endpoint, unless --data does, and uses it
                    whatever the answer contains.
  With --agent      WebRTC, unless --transport or --data select another one.
  With --offer      WebRTC; with --ws a WebSocket; with --livekit a LiveKit room, and --token for it.
  With --phone      a phone call over a WebSocket, as PROVIDER makes it: the microphone speaks, --dtmf presses keys,
                    and the bot's audio plays in real time. The bot takes no texts, messages or requests.
  --ice-server takes stun:HOST:PORT, turn:USER:PASSWORD@HOST:PORT, and the same with stuns: and
  turns:. A TURN server may end in ?transport=udp or ?transport=tcp. In USER, write %3A for ':'; in
  USER and PASSWORD, write %25 for '%'. ICE servers in the start endpoint's answer take precedence;
  those of a LiveKit server are used in addition.

Examples:
  rtvi talk --start http://localhost:7860/start --mic default --speaker default
  rtvi talk --start http://localhost:7860/start --mic wav:hello.wav --speaker wav:answer.wav
  PIPECAT_CLOUD_API_KEY=pk_... rtvi talk --agent my-agent --mic default --speaker default
  rtvi talk --offer http://localhost:7860/api/offer --header 'Authorization: Bearer KEY' \
      --mic tone:440
  rtvi talk --start http://localhost:7860/start --relay-only \
      --ice-server turn:me:secret@turn.example:3478
  rtvi talk --ws ws://localhost:7860/ws --send-text 'What is the weather?' \
      --function 'get_weather={"celsius":21}'
  rtvi talk --ws ws://localhost:7860/ws --request get-language --json | jq .
  rtvi talk --ws ws://localhost:7860/ws --mic silence --duration 10
  rtvi talk --phone twilio --ws ws://localhost:7860/ws --from +15550100 --mic wav:hello.wav --dtmf 12#
  rtvi talk --start http://localhost:7860/start --data '{"transport":"livekit"}' \
      --mic default --speaker default
  rtvi talk --livekit wss://rooms.example --token TOKEN --mic default --speaker default
  rtvi talk --start http://localhost:7860/start --cam pattern --video window --duration 10

Exit codes:
  0  done (also after Ctrl-C in a session)
  1  failed while running
  2  wrong usage
  3  could not connect"#;

pub(super) const LOAD_HELP: &str = r#"What is measured, as the callers hear it:
  answer       from the end of a caller's speech in the samples that it sends until the first sound
               of the answer in the samples that it hears; the network, the bot and the playout of
               a real client are all in it
  connect      from the planned beginning of a call until the bot is ready, and its parts
  heard        how much of the bot's audio was heard as it was sent
  calls        started, ready, failed, refused (HTTP status 429), dropped (ready, then ended by
               themselves); reconnects
  Calls begin when they are due, however slow the bot is. Times count from the planned time, so a
  slow bot or generator can't hide behind fewer calls. Every value is kept: percentiles are exact.

Callers:
  A caller listens until the bot has been quiet for --pause, says a turn, waits for the answer, and
  listens to its end. With --duration the turns repeat. Use recordings of speech for real bots:
    --mic wav:hello.wav --mic wav:and-then.wav
  A bot that calls a function of its client waits for the result, which --function gives. Without
  it, such a turn has no answer and counts as the error functionCall.
  --script FILE does in each call what it does in talk, beside the turns of --mic; the call ends
  with the script. A waitFor in vain counts as a failed check.

--fail-if 'QUANTITY COMPARISON VALUE', repeatable:
  p50(...) p90(...) p95(...) p99(...) max(...) count(...)     of answer or connect; ms or s
  started ready failed refused dropped                        calls; with % of the started ones
  unanswered reconnects checks                                how often
  heard                                                       percent
  A quantity of which nothing was measured counts as missed.

The generator watches itself. If its own frames are more than 20 ms late at the 99th percentile, if
it drops frames, or if it has no CPU time left, the run is void: it says nothing about the bot.

Several generators:
  Each writes --json. 'rtvi load report A.json B.json --html all.html' merges without loss.
  examples/load/deploy has a Kubernetes Job and a Compose file that do this.

Phones and LiveKit:
  --phone PROVIDER --ws URL calls as talk does.
  --start gives each call a room. --livekit with --token @FILE takes a token a line, one for each
  call.

Examples:
  rtvi load --ws ws://localhost:7860/ws --calls 20 --ramp 5 --duration 60 --mic wav:hello.wav
  rtvi load --start http://localhost:7860/start --calls 50 --rate 2 --mic wav:hello.wav \
      --fail-if 'p95(answer) > 1500ms' --fail-if 'failed > 1%' --json load.json --html load.html
  rtvi load report a.json b.json --html all.html --junit all.xml

Exit codes:
  0  all thresholds were held
  1  a threshold was missed
  2  wrong usage
  3  no call became ready
  4  void: the generator was the bottleneck"#;
