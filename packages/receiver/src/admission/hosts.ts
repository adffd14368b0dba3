import { isIP } from "node:net";

/** Headers that say where a request comes from and which host it was sent to. */
export interface RequestOrigin {
  /** `host`, or `:authority`, each as often as it was sent. */
  readonly hosts: readonly string[];
  readonly origin: string | undefined;
  /** `sec-fetch-site`. */
  readonly fetchSite: string | undefined;
}

/** Why a request is refused before its body is read; a sentence without its full stop. */
export interface OriginRefusal {
  readonly reason: "host" | "web-page";
  readonly message: string;
}

/** Checks where a request comes from; undefined if it is allowed. */
export type OriginCheck = (request: RequestOrigin) => OriginRefusal | undefined;

/** The names by which a machine calls itself. */
const LOOPBACK_NAMES: readonly string[] = ["localhost", "127.0.0.1", "[::1]"];

/**
 * Refuses what a web page can send: a request by another name of this machine
 * (DNS rebinding), and any that a browser marks as coming from a page.
 *
 * @param allowed host names in addition to those of loopback; ports are ignored.
 */
export function originCheck(allowed: readonly string[] = []): OriginCheck {
  const names = new Set([...LOOPBACK_NAMES, ...allowed.map(hostName)]);
  return ({ hosts, origin, fetchSite }) => {
    const [host] = hosts;
    if (host === undefined || hosts.length > 1) {
      return { reason: "host", message: "one Host header is needed" };
    }
    if (!names.has(hostName(host))) return { reason: "host", message: notAllowed(host) };
    const isFromPage = fetchSite !== undefined && !["none", "same-origin"].includes(fetchSite);
    if (origin !== undefined || isFromPage) {
      return { reason: "web-page", message: "requests of web pages are not taken" };
    }
    return undefined;
  };
}

/** Names the host only if it is a valid host name: the message is shown, and the name copied into an option. */
function notAllowed(host: string): string {
  const name = hostName(host);
  const shown = /^[a-z0-9.:[\]_-]{1,100}$/.test(name) ? name : undefined;
  return shown === undefined
    ? "this host name is not allowed"
    : `the host name ${shown} is not allowed; collect --allow-host ${shown} lets it in`;
}

/** Whether only this machine can reach an address. */
export function isLoopback(address: string): boolean {
  const plain = address
    .replace(/^\[(.*)\]$/, "$1")
    .toLowerCase()
    .replace(/^::ffff:/, "");
  if (plain === "localhost" || plain === "::1") return true;
  return isIP(plain) === 4 && plain.startsWith("127.");
}

/** A host without its port, in lower case; an IPv6 address in brackets. */
function hostName(host: string): string {
  const lower = host.trim().toLowerCase();
  if (isIP(lower) === 6) return `[${lower}]`;
  return lower.replace(/:\d{1,5}$/, "");
}
