import { destinations, effective, isThisMachine } from "../effective.ts";
import type { Check, ProbeAnswer, ProbeFacts } from "../facts.ts";
import { type Finding, voiceOf } from "../finding.ts";

const voice = voiceOf("reachable");

const LOST = "Claude Code drops what it cannot send: it is not kept, and not sent later.";

/** Receives where it is sent to, also where that is not the port of the protocol. */
function collect({ url, protocol }: ProbeFacts): string {
  const { port } = new URL(url);
  const option = protocol === "grpc" ? "--grpc-port" : "--port";
  const usual = port === "4317" || port === "4318" || port === "";
  return `cctelemetry collect --background${usual ? "" : ` ${option} ${port}`}`;
}

/** Whether somebody receives telemetry where it is sent to. */
export const reachable: Check = ({ probes }) => probes.map(probeFinding);

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
  receives: ({ url }, { by }) =>
    voice.ok(`${by === "cctelemetry" ? "cctelemetry collect" : by} answers at ${url}`),
  refused: (probe) =>
    voice.failure({ what: `nothing listens at ${probe.url}`, why: LOST, fix: collect(probe) }),
  silent: ({ url }) =>
    voice.failure({
      what: `what listens at ${url} does not answer`,
      why: LOST,
      fix: "cctelemetry collect status",
    }),
  "other-protocol": ({ url, protocol }, { holder }) =>
    voice.failure({
      what: `${holder} listens at ${url}, and does not speak ${protocol}`,
      why: `${LOST} HTTP goes to port 4318, gRPC to 4317.`,
      fix: "cctelemetry init --replace",
    }),
  status: ({ url }, { status, holder }) => voice.failure(refusal(url, status, holder)),
  "not-tried": ({ url }) =>
    voice.note({
      what: `${url} is another machine: not tried`,
      why: "This program asks nobody but this machine, and sees no telemetry that goes elsewhere.",
      fix: "cctelemetry init --replace sends it here",
    }),
  failed: (probe, { reason }) =>
    voice.failure({
      what: `${probe.url} cannot be reached: ${reason}`,
      why: LOST,
      fix: collect(probe),
    }),
};

function refusal(
  url: string,
  status: number,
  holder: string,
): { what: string; why: string; fix: string } {
  if (status === 401 || status === 403) {
    const what = `${holder} at ${url} refuses telemetry (${status})`;
    const fix = "cctelemetry init --settings --token-file FILE --replace";
    return { what, why: `It wants a token that is not sent. ${LOST}`, fix };
  }
  if (status >= 500) {
    const what = `${holder} at ${url} cannot keep telemetry (${status})`;
    return { what, why: LOST, fix: "cctelemetry collect status" };
  }
  const what = `${holder} at ${url} is no receiver of telemetry (${status})`;
  return {
    what,
    why: `The port is taken by something else. ${LOST}`,
    fix: "Stop it, or receive elsewhere: cctelemetry collect --port 14318, and init --endpoint http://127.0.0.1:14318",
  };
}

/** Whether a proxy stands between Claude Code and this machine. */
export const proxy: Check = (facts) => {
  const found = ["HTTP_PROXY", "http_proxy"]
    .map((name) => ({ name, setting: effective(facts, name) }))
    .find(({ setting }) => setting !== undefined);
  if (found?.setting === undefined) return [];
  const except = [effective(facts, "NO_PROXY"), effective(facts, "no_proxy")]
    .flatMap((setting) => setting?.value.split(",") ?? [])
    .map((host) => host.trim().replace(/:\d+$/, ""));
  const hosts = destinations(facts)
    .filter(({ protocol, url }) => protocol?.value !== "grpc" && url?.startsWith("http:"))
    .map(({ url }) => new URL(url ?? "").hostname)
    .filter((host) => isThisMachine(host) && !except.includes(host) && !except.includes("*"));
  const [host] = hosts;
  if (host === undefined) return [];
  return [
    voiceOf("proxy").warning({
      what: `${found.name} in ${found.setting.origin} applies to ${host}, too`,
      why: "Telemetry for this machine goes to the proxy, which cannot deliver it.",
      fix: `Add ${host} to NO_PROXY`,
    }),
  ];
};
