// The page: the official client with its events and calls passed on to the driver (driver.mjs), which owns the browser.
// It may use the official client and its transports only; it must never decide whether a test has passed.

import { PipecatClient, RTVIEvent } from "@pipecat-ai/client-js";
import { SmallWebRTCTransport, WavMediaManager as WebRtcMedia } from "@pipecat-ai/small-webrtc-transport";
import { WavMediaManager as WebSocketMedia, WebSocketTransport } from "@pipecat-ai/websocket-transport";

/** The media of a page with a camera, which the manager of the packages does not know. */
class CameraMedia extends WebRtcMedia {
  async initialize() {
    await super.initialize();
    const video = { width: 640, height: 480, frameRate: 24 };
    [this.camera] = (await navigator.mediaDevices.getUserMedia({ video })).getVideoTracks();
  }

  get isCamEnabled() {
    return Boolean(this.camera);
  }

  tracks() {
    return { local: { ...super.tracks().local, video: this.camera } };
  }
}

/** How each transport is made; the media managers that they take by default load a script from the Internet. */
const TRANSPORTS = {
  video: (options) => new SmallWebRTCTransport({ mediaManager: new CameraMedia(), ...options }),
  webrtc: (options) => new SmallWebRTCTransport({ mediaManager: new WebRtcMedia(), ...options }),
  websocket: (options) => new WebSocketTransport({ mediaManager: new WebSocketMedia(), ...options }),
};

/** Every peer connection of this page, for its statistics. */
const peers = [];

/** Bytes of binary messages that came over WebSockets: the bot's audio and messages. */
let receivedBytes = 0;

/** The highest level of the bot's audio since the last call of `traffic`, 0 to 1. */
let remotePeak = 0;

/** The one address of the bot that is used; all when empty. */
let onlyRemote = "";

let client;

/** What the driver may ask for beside the methods of the client. */
const OWN = { create, traffic, pictures, description, state: () => client.state };

/** Makes the client; `microphone` false leaves the user's microphone alone, `remote` is the only address of the bot to be used. */
function create({ transport, microphone = true, remote = "", options = {} }) {
  onlyRemote = remote;
  client = new PipecatClient({
    transport: TRANSPORTS[transport](options),
    enableMic: microphone,
    enableCam: false,
  });
  for (const event of Object.values(RTVIEvent)) {
    client.on(event, (...values) => report({ event, data: values.map(plain) }));
  }
  client.on(RTVIEvent.RemoteAudioLevel, (level) => (remotePeak = Math.max(remotePeak, level)));
  client.on(RTVIEvent.TrackStarted, (track, participant) => {
    if (!participant?.local) play(track);
  });
}

/** Plays what the bot says and shows; nobody else does, and what is not played is not decoded. */
function play(track) {
  const player = document.createElement(track.kind);
  if (track.kind === "video") document.body.append(player);
  player.srcObject = new MediaStream([track]);
  player.play().catch((error) => report({ event: "playFailed", data: [plain(error)] }));
}

/** Counts of what went over the network so far, and the candidates that were chosen. */
async function traffic() {
  const counts = { receivedBytes, remotePeak, inbound: 0, outbound: 0, energy: 0, concealed: 0, pair: null };
  remotePeak = 0;
  const peer = peers.at(-1);
  if (!peer) return counts;
  const stats = await peer.getStats();
  for (const entry of stats.values()) {
    if (entry.kind === "audio" && entry.type === "inbound-rtp") {
      Object.assign(counts, {
        inbound: entry.packetsReceived,
        energy: entry.totalAudioEnergy,
        concealed: entry.concealedSamples,
      });
    }
    if (entry.kind === "audio" && entry.type === "outbound-rtp") counts.outbound = entry.packetsSent;
    if (entry.type === "transport" && entry.selectedCandidatePairId) {
      const pair = stats.get(entry.selectedCandidatePairId);
      counts.pair = { local: address(stats.get(pair.localCandidateId)), remote: address(stats.get(pair.remoteCandidateId)) };
    }
  }
  return counts;
}

/** How many pictures went each way so far, and how often the bot's stood still. */
async function pictures() {
  const counts = { sent: 0, shown: 0, freezes: 0 };
  for (const entry of (await peers.at(-1).getStats()).values()) {
    if (entry.kind !== "video") continue;
    if (entry.type === "outbound-rtp") counts.sent += entry.framesEncoded;
    if (entry.type === "inbound-rtp") Object.assign(counts, { shown: entry.framesDecoded, freezes: entry.freezeCount });
  }
  return counts;
}

/** The session descriptions of the newest peer connection. */
function description() {
  const peer = peers.at(-1);
  return { local: peer?.localDescription?.sdp, remote: peer?.remoteDescription?.sdp };
}

function address(candidate) {
  return { type: candidate.candidateType, address: candidate.address, port: candidate.port };
}

/** A value without what JSON can't hold: tracks and devices by their names. */
function plain(value) {
  if (value instanceof MediaStreamTrack) return { track: value.kind, label: value.label };
  if (value instanceof MediaDeviceInfo) return { device: value.kind, label: value.label };
  if (value instanceof Error) return { error: value.name, message: value.message };
  return value ?? null;
}

/** One call from the driver: of our own functions, else of the client. */
window.call = async (method, values) => plain(await (OWN[method] ?? client[method].bind(client))(...values));

/** A function that the bot may call, answered with `result`. */
OWN.answerFunction = (name, result) => client.registerFunctionCallHandler(name, async () => result);

window.RTCPeerConnection = class extends RTCPeerConnection {
  constructor(...values) {
    super(...values);
    peers.push(this);
    this.addEventListener("icecandidate", ({ candidate }) => {
      report({ event: "candidate", data: [candidate?.candidate ?? null] });
    });
  }

  setRemoteDescription({ type, sdp }) {
    const isWanted = (line) => !line.startsWith("a=candidate:") || !onlyRemote || line.includes(` ${onlyRemote} `);
    const lines = sdp.split("\r\n").filter(isWanted);
    return super.setRemoteDescription({ type, sdp: lines.join("\r\n") });
  }
};

window.WebSocket = class extends WebSocket {
  constructor(...values) {
    super(...values);
    this.addEventListener("message", ({ data }) => (receivedBytes += data.byteLength ?? data.size ?? data.length));
  }
};
