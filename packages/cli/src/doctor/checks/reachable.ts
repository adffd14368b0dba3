import { shownUrl } from "@cctelemetry/core/light";
import type { Check, ProbeAnswer, ProbeFacts } from "../facts.ts";
import { type Finding, type FindingText, findingsFor } from "../finding.ts";

const finding = findingsFor("reachable");

const LOST = "Claude Code drops what it cannot send: it is not kept, and not sent later.";

/** Whether a receiver answers at each endpoint. A finding about an address is reported once, whichever signals use it. */
export const reachable: Check = ({ probes }) => {
  const findings = probes.map(probeFinding);
  return [...new Map(findings.map((finding) => [finding.what, finding])).values()];
};

/** Receives where it is sent to, or sends to where it can be received. */
function collect(probe: ProbeFacts): string {
  const { port, protocol: scheme, hostname } = new URL(probe.url);
  // It speaks no TLS, and listens and answers at these names alone.
  const isOurs = scheme === "http:" && ourNames.includes(hostname);
  if (!isOurs || Number(port) !== portFor(probe)) return sendTo(probe);
  const option = probe.protocol === "grpc" ? "--grpc-port" : "--port";
  const usual = port === "4317" || port === "4318";
  return `cctelemetry collect --background${usual ? "" : ` ${option} ${port}`}`;
}

const ourNames = ["localhost", "127.0.0.1", "[::1]"];

/** Makes Claude Code send to where a receiver of this machine is, without TLS and path. */
function sendTo(probe: ProbeFacts): string {
  const { hostname } = new URL(probe.url);
  const host = ourNames.includes(hostname) ? hostname : "127.0.0.1";
  return `cctelemetry init --replace --endpoint http://${host}:${portFor(probe)}`;
}

/** Ports below need rights that a receiver does not have on every system. */
const LEAST_PORT = 1024;

/** The port that is sent to, or the usual one where that is none to receive this protocol at. */
function portFor({ url, protocol }: ProbeFacts): number {
  const port = Number(new URL(url).port);
  const [usual, other] = protocol === "grpc" ? [4317, 4318] : [4318, 4317];
  return port < LEAST_PORT || port === other ? usual : port;
}

/** The place without the path of a signal. */
function placeOf({ url, protocol }: ProbeFacts): string {
  return protocol === "grpc" ? shownUrl(url) : new URL(url).origin;
}

function probeFinding(probe: ProbeFacts): Finding {
  // Each kind of answer has its own words.
  const words = answers[probe.answer.kind] as (probe: ProbeFacts, answer: ProbeAnswer) => Finding;
  return words(probe, probe.answer);
}

type Words = {
  readonly [Kind in ProbeAnswer["kind"]]: (
    probe: ProbeFacts,
    answer: Extract<ProbeAnswer, { kind: Kind }>,
  ) => Finding;
};

const answers: Words = {
  receives: (probe, { by }) =>
    finding.ok(`${by === "cctelemetry" ? "cctelemetry collect" : by} answers at ${placeOf(probe)}`),
  refused: (probe) =>
    finding.failure({
      what: `nothing listens at ${placeOf(probe)}`,
      why: probe.url.startsWith("https:")
        ? `${LOST} cctelemetry collect speaks no TLS: its endpoint begins with http://.`
        : LOST,
      fix: collect(probe),
    }),
  silent: (probe) =>
    finding.failure({
      what: `what listens at ${placeOf(probe)} does not answer`,
      why: LOST,
      fix: "cctelemetry collect status",
    }),
  "other-protocol": (probe, { holder }) =>
    finding.failure({
      what: `${holder} listens at ${placeOf(probe)}, and does not speak ${probe.protocol}`,
      why: `${LOST} HTTP goes to port 4318, gRPC to 4317.`,
      fix: "cctelemetry init --replace",
    }),
  "no-tls": (probe, { holder }) =>
    finding.failure({
      what: `${holder} listens at ${placeOf(probe)}, and speaks no TLS`,
      why: `${LOST} An endpoint on this machine begins with http://, not https://.`,
      fix: sendTo(probe),
    }),
  tls: (probe) =>
    finding.note({
      what: `what listens at ${placeOf(probe)} speaks TLS: not tried further`,
      why: "cctelemetry collect speaks none: it is another receiver, whose files you have to import.",
    }),
  status: (probe, answer) => finding.failure(refusal(probe, answer)),
  "not-tried": (probe) => finding.note(elsewhere(probe)),
  failed: (probe, { reason }) =>
    finding.failure({
      what: `${placeOf(probe)} cannot be reached: ${reason}`,
      why: LOST,
      fix: collect(probe),
    }),
};

function elsewhere(probe: ProbeFacts): FindingText {
  const place = placeOf(probe);
  const { hostname } = new URL(probe.url);
  if (/^(host\.docker|host\.containers|gateway\.docker)\.internal$/i.test(hostname)) {
    return {
      what: `${place} is the machine around a container: not tried`,
      why: "A receiver there must listen to other addresses than its own, and know this name.",
      fix: `there: cctelemetry collect --listen 0.0.0.0 --token-file FILE --allow-host ${hostname}`,
    };
  }
  return {
    what: `${place} is another machine: not tried`,
    why: "This program asks only this machine, and sees no telemetry that goes elsewhere.",
    fix: "cctelemetry init --replace sends it here",
  };
}

type StatusAnswer = Extract<ProbeAnswer, { kind: "status" }>;

function refusal(probe: ProbeFacts, { status, holder, isOurs }: StatusAnswer): FindingText {
  const place = placeOf(probe);
  const { pathname, hostname } = new URL(probe.url);
  if (isOurs && status === 404) {
    const what = `${holder} answers at ${place}, but not at the path ${pathname}`;
    const why = `${LOST} It accepts /v1/logs, /v1/metrics and /v1/traces only.`;
    return { what, why, fix: sendTo(probe) };
  }
  if (isOurs && status === 403) {
    const what = `${holder} at ${place} does not go by the name ${hostname}`;
    return { what, why: `It refuses names that web pages could use. ${LOST}`, fix: sendTo(probe) };
  }
  if (status === 401 || status === 403) {
    const what = `${holder} at ${place} refuses telemetry (${status})`;
    const fix = "cctelemetry init --settings --token-file FILE --replace";
    return { what, why: `It wants a token that is not sent. ${LOST}`, fix };
  }
  if (isOurs && status >= 500) {
    const what = `${holder} at ${place} cannot keep telemetry (${status})`;
    return { what, why: LOST, fix: "cctelemetry collect status" };
  }
  if (status === 429 || status === 502 || status === 503 || status === 504) {
    const what = `${holder} at ${place} cannot accept telemetry now (${status})`;
    return { what, why: LOST, fix: `Look at the output of ${holder}` };
  }
  const what = `${holder} at ${place} is no receiver of telemetry (${status})`;
  return {
    what,
    why: `Another program uses the port. ${LOST}`,
    fix: "Stop it, or receive elsewhere: cctelemetry collect --port 14318, and init --replace --endpoint http://127.0.0.1:14318",
  };
}
