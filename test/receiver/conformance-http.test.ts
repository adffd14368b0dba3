import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { around, LIMIT_BYTES } from "./support/http-bodies.ts";
import { httpCases } from "./support/http-cases.ts";
import { send, statusIn } from "./support/http-client.ts";
import { type Lab, startLab } from "./support/lab.ts";
import { encodings, mediaTypes, signals } from "./support/requests.ts";

/** Codes of google.rpc.Status that stand for HTTP's. */
const rpcCodes: Readonly<Record<number, number>> = { 400: 3, 401: 16, 403: 7, 413: 8 };

let lab: Lab;
beforeAll(async () => {
  lab = await startLab({ maxBodyBytes: LIMIT_BYTES });
});
afterAll(() => lab.close());

for (const signal of signals) {
  describe.each(encodings)(`${signal} in %s`, (encoding) => {
    test.each(httpCases.map((each, number) => ({ ...each, number })))(
      "$name: $status",
      async ({ send: make, number, status, text, lines = status === 200 ? 1 : 0 }) => {
        const surroundings = around(signal, encoding, number);
        const answer = await send(lab.http, make(surroundings));
        expect(answer.status).toBe(status);
        const written = lab.newLines();
        expect(written).toHaveLength(lines);
        if (lines === 1 && written[0]?.includes(surroundings.one.id)) {
          expect(written[0]).toBe(surroundings.one.line);
        }
        expect(answer.headers).not.toHaveProperty("access-control-allow-origin");
        if (text !== undefined) expect(answer.body.toString().trim()).toBe(text);
        if (status === 200) {
          expect(answer.headers["content-type"]).toBe(mediaTypes[encoding]);
          expect(answer.body.toString()).toBe(encoding === "json" ? "{}" : "");
        }
        const code = rpcCodes[status];
        if (code === undefined) return;
        expect(answer.headers["content-type"]).toBe(mediaTypes[encoding]);
        expect(statusIn(answer)).toMatchObject({ code, message: expect.stringMatching(/\w/) });
      },
    );
  });
}
