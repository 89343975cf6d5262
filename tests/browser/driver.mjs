// Drives the official JavaScript client in a headless Chromium, by lines of JSON.
//
// stdin: {"call": METHOD, "args": [...]}; METHOD is one of page.js's own or of PipecatClient. Calls run at the same time.
// stdout: {"answer": N, "value": ...} or {"answer": N, "error": "..."} for the Nth call (from 0), {"event": NAME, "data": [...]} for
// what happens in between, {"ready": true} first of all. The end of stdin is the end of the browser and of this program.
// Depends on playwright-core, esbuild and a Chromium of the system; must never download one.

import { createServer } from "node:http";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { chromium } from "playwright-core";

const { values: options } = parseArgs({
  options: {
    chromium: { type: "string", default: "/usr/bin/chromium" },
    speech: { type: "string" },
    loopback: { type: "boolean", default: false },
    "no-microphone": { type: "boolean", default: false },
    "foreign-origins": { type: "boolean", default: false },
  },
});

/** What a page needs to use a microphone that is a WAV file, without a user, without a display, without a network. */
function flags() {
  const always = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
    "--use-fake-device-for-media-stream=fps=24",
  ];
  // A page that may use the microphone may know the machine's addresses, too; any other is given names by mDNS for them.
  if (!options["no-microphone"]) always.push("--use-fake-ui-for-media-stream");
  if (options.speech) always.push(`--use-file-for-fake-audio-capture=${options.speech}%noloop`);
  if (options.loopback) always.push("--allow-loopback-in-peer-connection");
  if (options["foreign-origins"]) always.push("--disable-web-security");
  return always;
}

async function bundle() {
  const entry = fileURLToPath(new URL("page.js", import.meta.url));
  const built = await build({ entryPoints: [entry], bundle: true, write: false, format: "iife", logLevel: "warning" });
  return built.outputFiles[0].text;
}

/** Serves the page on loopback, which browsers trust with a microphone. Gives its URL. */
async function serve(script) {
  const page = `<!doctype html><meta charset="utf-8"><title>RTVI client</title><script src="/page.js"></script>`;
  const server = createServer((request, response) => {
    const isScript = request.url === "/page.js";
    response.writeHead(200, { "content-type": isScript ? "text/javascript" : "text/html" });
    response.end(isScript ? script : page);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${server.address().port}/`;
}

const write = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

async function openPage(browser, url) {
  const page = await browser.newPage();
  await page.exposeFunction("report", write);
  page.on("console", (message) => process.stderr.write(`${message.type()}: ${message.text()}\n`));
  page.on("pageerror", (error) => write({ event: "pageError", data: [String(error)] }));
  await page.goto(url);
  return page;
}

async function answer(page, number, { call, args = [] }) {
  try {
    const value = await page.evaluate(([method, values]) => window.call(method, values), [call, args]);
    write({ answer: number, value: value ?? null });
  } catch (error) {
    write({ answer: number, error: error.message });
  }
}

const url = await serve(await bundle());
const browser = await chromium.launch({ executablePath: options.chromium, chromiumSandbox: false, args: flags() });
const page = await openPage(browser, url);
write({ ready: true });
let calls = 0;
for await (const line of createInterface({ input: process.stdin })) {
  answer(page, calls, JSON.parse(line));
  calls += 1;
}
await browser.close();
process.exit(0);
