import { once } from "node:events";
import { connect } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { exporter, protocols } from "./support/exporters.ts";
import { startLab } from "./support/lab.ts";

/** More than twice as many as a port has room for. */
const IDLE = 600;

test.each(protocols)(
  "%s: idle connections beyond all room keep no sender out",
  async (protocol) => {
    const lab = await startLab();
    onTestFinished(() => lab.close());
    const sender = exporter({ protocol, signal: "logs", http: lab.http, grpc: lab.grpc });
    onTestFinished(() => sender.close());
    expect(await sender.send(["before"])).toBeUndefined();

    const [host = "", port = ""] = (protocol === "grpc" ? lab.grpc : lab.http).split(":");
    for (let at = 0; at < IDLE; at++) {
      const socket = connect(Number(port), host);
      socket.on("error", () => undefined);
      onTestFinished(() => void socket.destroy());
      await once(socket, "connect");
    }
    expect(await sender.send(["kept open"])).toBeUndefined();
    const late = exporter({ protocol, signal: "logs", http: lab.http, grpc: lab.grpc });
    onTestFinished(() => late.close());
    const began = performance.now();
    expect(await late.send(["late"])).toBeUndefined();
    expect(performance.now() - began).toBeLessThan(5_000);
    expect(lab.ids()).toEqual(["before", "kept open", "late"]);
    expect(lab.receiver.counts().refused).toEqual([]);
  },
);
