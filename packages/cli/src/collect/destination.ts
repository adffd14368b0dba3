import { KnownError, shownUrl } from "@cctelemetry/core/light";
import type { Destination } from "@cctelemetry/receiver";
import type { Variables } from "../process/context.ts";
import { readPrivateFile } from "./private-file.ts";

export const HEADERS_VARIABLE = "CCTELEMETRY_FORWARD_HEADERS";

/** The options of `collect` that say where telemetry is sent on to. */
export interface ForwardOptions {
  readonly forward?: string;
  readonly forwardHeaders?: string;
}

/** Source: RFC 9110, sections 5.1 and 5.5; of values what is ASCII. */
const HEADER_NAME = /^[\w!#$%&'*+.^`|~-]+$/;
const HEADER_VALUE = /^[\t\x20-\x7e]+$/;
/** Headers that belong to the body or the connection. */
const OWN_HEADERS: ReadonlySet<string> = new Set([
  ...["connection", "content-encoding", "content-length", "content-type", "host"],
  ...["keep-alive", "te", "trailer", "transfer-encoding", "upgrade"],
]);

/**
 * Where a receiver sends on to; undefined if nowhere. Secrets come from a file or the environment,
 * never from the command line, which every process of the machine can read. KnownError if the address
 * or a header is none.
 */
export async function destination(
  { forward, forwardHeaders }: ForwardOptions,
  env: Variables,
): Promise<Destination | undefined> {
  if (forward === undefined) {
    if (forwardHeaders === undefined) return undefined;
    throw new KnownError("bad-argument", "--forward-headers belongs to --forward.", {
      hint: "Name the receiver with --forward.",
    });
  }
  const url = checkedUrl(forward);
  const headers =
    forwardHeaders === undefined
      ? headersOf((env[HEADERS_VARIABLE] ?? "").split(","), "=", HEADERS_VARIABLE)
      : headersOf(
          (
            await readPrivateFile(
              forwardHeaders,
              "headers",
              'Write a "Name: value" a line into it.',
            )
          ).split("\n"),
          ":",
          forwardHeaders,
        );
  return { url, headers };
}

function checkedUrl(text: string): string {
  const refuse = (reason: string, hint: string) =>
    new KnownError("bad-argument", `--forward ${shownUrl(text)} ${reason}.`, { hint });
  const example = "Name a receiver of OTLP/HTTP, e.g. http://collector:4318";
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !["http:", "https:"].includes(url.protocol)) {
    throw refuse("is not an http or https address", example);
  }
  if (url.username !== "" || url.password !== "") {
    throw refuse("holds a password that every process can read", "Put it into --forward-headers.");
  }
  if (url.search !== "" || url.hash !== "") throw refuse("has more than a path", example);
  if (/\/v1\/(logs|metrics|traces)\/?$/.test(url.pathname)) {
    throw refuse("is the address of one signal", "Leave out /v1/…: it is added for each signal.");
  }
  return url.href.replace(/\/+$/, "");
}

/** Headers out of texts; a text without content, and a comment, is passed over. */
function headersOf(
  texts: readonly string[],
  separator: string,
  place: string,
): Readonly<Record<string, string>> {
  const headers = new Headers();
  for (const text of texts.map((each) => each.trim())) {
    if (text === "" || text.startsWith("#")) continue;
    const at = text.indexOf(separator);
    const name = text.slice(0, Math.max(0, at)).trim();
    const value = text.slice(at + 1).trim();
    if (
      !HEADER_NAME.test(name) ||
      !HEADER_VALUE.test(value) ||
      OWN_HEADERS.has(name.toLowerCase())
    ) {
      // Its value may be a secret, and is not shown.
      throw new KnownError("bad-argument", `A header in ${place} cannot be sent.`, {
        hint:
          separator === ":"
            ? "Write Authorization: Bearer TOKEN, one a line."
            : "Write Authorization=Bearer TOKEN, with commas between several.",
      });
    }
    headers.append(name, value);
  }
  return Object.fromEntries(headers);
}
