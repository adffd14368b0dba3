import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";
import { onTestFinished } from "vitest";

/** What alerts were sent to, by the path of a web address or as mail. */
export interface Sinks {
  readonly http: string;
  /** Host and port. */
  readonly mail: string;
  /** Bodies that came to a path, and mails under `mail`. */
  readonly got: (place: string) => readonly string[];
}

/** Servers that keep what web hooks and mails bring; closed with the test. */
export async function startSinks(): Promise<Sinks> {
  const kept = new Map<string, string[]>();
  const keep = (place: string, text: string): void => {
    kept.set(place, [...(kept.get(place) ?? []), text]);
  };
  const hooks = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    keep(request.url ?? "", Buffer.concat(chunks).toString());
    response.end("ok");
  });
  const mails = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onData: (stream, _session, callback) => {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        keep("mail", Buffer.concat(chunks).toString());
        callback();
      });
    },
  });
  // Alertmanager is ended while its connections are open.
  hooks.on("clientError", (_error, socket) => socket.destroy());
  mails.on("error", () => undefined);
  await new Promise<void>((done) => hooks.listen(0, "127.0.0.1", done));
  await new Promise<void>((done) => mails.listen(0, "127.0.0.1", done));
  onTestFinished(async () => {
    hooks.closeAllConnections();
    await new Promise((done) => hooks.close(done));
    await new Promise<void>((done) => mails.close(done));
  });
  const portOf = (address: unknown): number => (address as AddressInfo).port;
  return {
    http: `http://127.0.0.1:${portOf(hooks.address())}`,
    mail: `127.0.0.1:${portOf(mails.server.address())}`,
    got: (place) => kept.get(place) ?? [],
  };
}
