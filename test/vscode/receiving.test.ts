import { type AddressInfo, createServer } from "node:net";
import { expect, test } from "vitest";
import { eventLine } from "./support/lines.ts";
import { inEachRelease, newest } from "./support/releases.ts";
import { waitFor } from "./support/waiting.ts";

inEachRelease(
  "the receiver in a window",
  (desk) => {
    test("takes what is sent; another window shows it and says who receives", async () => {
      const port = await freePort();
      const setting = await desk().prepare({
        "cctelemetry.status.text": "{tokens} · {cost}",
        "cctelemetry.receiver.enabled": true,
        "cctelemetry.receiver.httpPort": port,
        "cctelemetry.receiver.grpcPort": 0,
      });
      const first = await desk().open(setting);
      await waitFor("the receiver", () => send(port, 1));
      await first.shows("1k · $0.25");
      expect(await first.tooltip()).toContain(`Receives telemetry on 127.0.0.1:${port}.`);
      const second = await desk().open(setting);
      await second.shows("1k · $0.25");
      expect(await second.tooltip()).toContain("This window takes over when that one ends.");
      expect(await send(port, 2)).toBe(true);
      await Promise.all([first, second].map((window) => window.shows("2k · $0.50")));
      for (const window of [first, second]) {
        expect(await window.tone()).toBe("plain");
        await window.close();
      }
    });
  },
  { which: newest },
);

/** Sends one request; whether it was taken. */
async function send(port: number, number: number): Promise<boolean> {
  const headers = { "content-type": "application/json" };
  const url = `http://127.0.0.1:${port}/v1/logs`;
  const sending = fetch(url, { method: "POST", headers, body: eventLine({ number }) });
  return await sending.then(({ ok }) => ok).catch(() => false);
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
