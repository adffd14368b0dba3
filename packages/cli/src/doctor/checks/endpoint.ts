import { shownUrl } from "@cctelemetry/core/light";
import {
  type Destination,
  destinations,
  isThisMachine,
  type Setting,
  type VariableFacts,
} from "../effective.ts";
import type { Check } from "../facts.ts";
import { type Finding, findingsFor } from "../finding.ts";

const INIT = "cctelemetry init";
const REPLACE = "cctelemetry init --replace";

const { ok, warning, failure } = findingsFor("endpoint");

/** Whether each signal has a place to go to. What is wrong with one endpoint is said once. */
export const endpoint: Check = (facts) => {
  const all = destinations(facts);
  if (all.length === 0) return [];
  const findings = new Map(
    all.flatMap((each) => {
      const finding = endpointFault(each, facts);
      return finding === undefined ? [] : [[finding.what, finding] as const];
    }),
  );
  if (findings.size > 0) return [...findings.values()];
  const targets = new Set(all.map((each) => shownUrl(each.endpoint?.value ?? "")));
  return [ok(`sent to ${[...targets].join(" and ")}`)];
};

function endpointFault(destination: Destination, facts: VariableFacts): Finding | undefined {
  const { endpoint: set, url, isOwn, protocol } = destination;
  if (set === undefined) {
    const why = "What is sent goes to the default, port 4318 of this machine, or nowhere.";
    return warning({ what: "OTEL_EXPORTER_OTLP_ENDPOINT is not set", why, fix: INIT });
  }
  const isGrpc = protocol?.value === "grpc";
  if (url === undefined) return noUrl(set, isGrpc);
  if (isGrpc) return undefined;
  return isOwn ? ownFault(set, new URL(url), destination, facts) : generalFault(set, new URL(url));
}

const named = ({ value, origin }: Setting): string =>
  `the endpoint "${shownUrl(value)}" in ${origin}`;

function noUrl(set: Setting, isGrpc: boolean): Finding {
  if (/\$\{?\w|%\w+%/.test(set.value)) {
    const why = "Variables are not expanded there: the text is used as it is.";
    return failure({ what: `${named(set)} holds a variable`, why, fix: REPLACE });
  }
  const why = isGrpc
    ? "Without http:// in front gRPC speaks TLS, which no receiver on this machine does."
    : "Nothing can be sent there.";
  const hasScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(set.value);
  const meant = meantBy(set.value);
  return hasScheme || meant === undefined
    ? failure({ what: `${named(set)} is no URL of http:// or https://`, why, fix: REPLACE })
    : failure({
        what: `${named(set)} is not a URL: it has no http:// in front`,
        why,
        fix: `${REPLACE} --endpoint ${meant}`,
      });
}

/** Of an endpoint that Claude Code appends a signal's path to. */
function generalFault(set: Setting, url: URL): Finding | undefined {
  const why = "Claude Code appends /v1/logs and the like, and its requests go nowhere.";
  if (/[?#]/.test(set.value)) {
    const part = url.search === "" ? "a fragment (#)" : "a query (?)";
    const meant = meantBy(set.value);
    const fix = meant === undefined ? REPLACE : `${REPLACE} --endpoint ${meant}`;
    return failure({ what: `${named(set)} ends in ${part}`, why, fix });
  }
  if (!/\/v1\/\w+\/+v1\/\w+$/.test(url.pathname)) return undefined;
  return failure({ what: `${named(set)} ends in a signal's path`, why, fix: REPLACE });
}

/** Of an endpoint that one signal has for itself. */
function ownFault(
  set: Setting,
  { pathname, hostname }: URL,
  { signal }: Destination,
  facts: VariableFacts,
): Finding | undefined {
  const of = /\/v1\/(\w+)\/*$/.exec(pathname)?.[1]?.toLowerCase();
  const own = signal.toLowerCase();
  if (of === undefined) {
    const why = "An endpoint for one signal is used as it is, without /v1/logs and the like.";
    // Another machine may take it at a path of its own.
    const finding = pathname === "/" || isThisMachine(hostname, facts.hostname) ? failure : warning;
    return finding({ what: `${named(set)} has no signal's path`, why, fix: REPLACE });
  }
  if (of === own || !["logs", "metrics", "traces"].includes(of)) return undefined;
  const what = `${named(set)} has the path of ${of}, and ${own} are sent there`;
  const why = `cctelemetry collect stores them all the same; another receiver drops or refuses them.`;
  return warning({ what, why, fix: `End it in /v1/${own} in ${set.origin}` });
}

/** The endpoint that was meant, as `init` takes it: without sign-in, query and signal's path. */
function meantBy(value: string): string | undefined {
  const scheme = /^https:/i.test(value) ? "https" : "http";
  const bare = value
    .replace(/^(?:https?:?\/+|https?:|\/+)/i, "")
    .replace(/[?#].*$/s, "")
    .replace(/^.*@/s, "")
    .replace(/(?:\/+v1\/+\w+)?\/*$/, "");
  return /^[\w.[\]:/~%-]+$/.test(bare) && URL.canParse(`${scheme}://${bare}`)
    ? `${scheme}://${bare}`
    : undefined;
}
