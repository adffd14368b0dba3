import { destinations, effective, isThisMachine, type VariableFacts } from "../effective.ts";
import type { Check } from "../facts.ts";
import { findingsFor } from "../finding.ts";

/**
 * Whether a proxy stands between Claude Code and this machine. Its exporters of HTTP go by https_proxy
 * first, also for http://, in either case; those of gRPC by the names in small letters.
 */
export const proxy: Check = (facts) => {
  const { warning, failure } = findingsFor("proxy");
  const hosts = new Map(
    destinations(facts).flatMap(({ protocol, url }) => {
      if (url === undefined) return [];
      const host = new URL(url).hostname;
      return isThisMachine(host, facts.hostname)
        ? [[`${host} ${protocol?.value}`, { host, url, protocol }]]
        : [];
    }),
  );
  return [...hosts.values()].flatMap(({ host, url, protocol }) => {
    const isGrpc = protocol?.value === "grpc";
    const found = proxyNames(isGrpc).find(({ name }) => effective(facts, name) !== undefined);
    if (found === undefined || isExcepted(new URL(url), isGrpc, facts)) return [];
    const { name, isUsed } = found;
    const plain = host.replace(/^\[|\]$/g, "");
    const finding = isUsed ? failure : warning;
    return [
      finding({
        what: `${name} in ${effective(facts, name)?.origin} applies to ${host}, too`,
        why: "Telemetry for this machine goes to the proxy, which cannot deliver it.",
        fix: `Add ${plain} to NO_PROXY and no_proxy`,
      }),
    ];
  });
};

/** Names that a proxy is known by, those first that Claude Code is known to go by. */
function proxyNames(isGrpc: boolean) {
  const small = isGrpc
    ? ["grpc_proxy", "https_proxy", "http_proxy"]
    : ["https_proxy", "http_proxy"];
  const large = ["GRPC_PROXY", "HTTPS_PROXY", "HTTP_PROXY"].slice(isGrpc ? 0 : 1);
  return [
    ...small.map((name) => ({ name, isUsed: true })),
    ...large.map((name) => ({ name, isUsed: !isGrpc })),
    ...["all_proxy", "ALL_PROXY"].map((name) => ({ name, isUsed: false })),
  ];
}

/** Whether the exceptions from proxies have the host among them. */
function isExcepted({ hostname, port }: URL, isGrpc: boolean, facts: VariableFacts): boolean {
  const host = hostname.replace(/^\[|\]$/g, "").toLowerCase();
  const lists = [...(isGrpc ? ["no_grpc_proxy"] : []), "no_proxy", "NO_PROXY"];
  const entries = lists
    .flatMap(
      (name) =>
        effective(facts, name)
          ?.value.toLowerCase()
          .split(/[\s,]+/) ?? [],
    )
    .filter((entry) => entry !== "");
  return entries.some((entry) => {
    const bare = entry.replace(/^\[(.*)\]$/, "$1");
    if (bare === "*" || bare === host || entry === `${hostname}:${port}`) return true;
    if (bare.startsWith(".") && (host === bare.slice(1) || host.endsWith(bare))) return true;
    return isGrpc && /^127\.[\d.]*\/\d+$/.test(bare) && /^127\./.test(host);
  });
}
