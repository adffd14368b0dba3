import { codeOf, KnownError } from "@cctelemetry/core/light";
import { listenPage, type MetricsPage } from "./http/page.ts";
import { type HttpOptions, listenHttp } from "./http/server.ts";
import type { Addresses } from "./journal/lock.ts";
import { holderOf } from "./port-holder.ts";

/** Where to listen, and what answers. */
export interface ListenOptions {
  /** Undefined: loopback, by both of its addresses. */
  readonly listen: string | undefined;
  readonly httpPort: number | undefined;
  readonly grpcPort: number | undefined;
  readonly page: MetricsPage | undefined;
  readonly service: Omit<HttpOptions, "host" | "port">;
}

/** Everything that listens. */
export interface Endpoints {
  readonly addresses: Addresses;
  readonly close: (graceMs: number) => Promise<void>;
}

interface Server {
  readonly address: { readonly address: string; readonly family: string; readonly port: number };
  readonly close: (graceMs: number) => Promise<void>;
}

type Protocol = (host: string, port: number) => Promise<Server>;

const FREE_PORT_TRIES = 10;

/** Opens the ports of both protocols, or none. Rejects with a KnownError that says who has a port. */
export async function listenAll(options: ListenOptions): Promise<Endpoints> {
  const { listen, service } = options;
  const servers: Server[] = [];
  const open = async (port: number | undefined, protocol: Protocol, name: string) => {
    if (port === undefined) return undefined;
    const opened = await openPort(listen, port, protocol, name);
    servers.push(...opened);
    return opened[0] === undefined ? undefined : addressText(opened[0]);
  };
  const close = async (graceMs: number): Promise<void> => {
    await Promise.all(servers.map((server) => server.close(graceMs)));
  };
  try {
    const http = await open(
      options.httpPort,
      (host, port) => listenHttp({ ...service, host, port }),
      "--port",
    );
    const grpc = await open(
      options.grpcPort,
      async (host, port) => {
        // A large library, loaded only if gRPC is on.
        const { listenGrpc } = await import("./grpc/server.ts");
        return listenGrpc({ ...service, host, port });
      },
      "--grpc-port",
    );
    const { page } = options;
    const metrics =
      page === undefined
        ? undefined
        : await open(
            page.port,
            (host, port) => listenPage({ ...service, page, host, port }),
            "--metrics",
          );
    return {
      addresses: { http, grpc, ...(metrics === undefined ? {} : { metrics }) },
      close,
    };
  } catch (error) {
    await close(0);
    throw error;
  }
}

/** One port, on both addresses of loopback if no other address is given. */
async function openPort(
  listen: string | undefined,
  port: number,
  protocol: Protocol,
  option: string,
): Promise<readonly Server[]> {
  if (listen !== undefined) return [await openOne(listen, port, protocol, option)];
  for (let tries = 0; ; tries += 1) {
    const first = await openOne("127.0.0.1", port, protocol, option);
    try {
      // Some programs resolve `localhost` to ::1 alone.
      return [first, await protocol("::1", first.address.port)];
    } catch (error) {
      if (codeOf(error) !== "EADDRINUSE") return [first];
      await first.close(0);
      if (port !== 0 || tries >= FREE_PORT_TRIES) throw await portError("::1", port, option, error);
    }
  }
}

async function openOne(
  host: string,
  port: number,
  protocol: Protocol,
  option: string,
): Promise<Server> {
  try {
    return await protocol(host.replace(/^\[(.*)\]$/, "$1"), port);
  } catch (error) {
    throw await portError(host, port, option, error);
  }
}

async function portError(
  host: string,
  port: number,
  option: string,
  cause: unknown,
): Promise<KnownError> {
  const code = codeOf(cause) ?? String(cause);
  if (code === "EADDRINUSE") {
    const holder = await holderOf(host, port);
    return new KnownError("port-taken", `Port ${port} is taken by ${holder}.`, {
      hint: `End that program, or choose another port with ${option}${followUp(option)}`,
      cause,
    });
  }
  const reason =
    code === "EACCES"
      ? "permission denied"
      : code === "EADDRNOTAVAIL" || code === "ENOTFOUND"
        ? "this machine has no such address"
        : code;
  return new KnownError("port-taken", `Cannot listen on ${host}, port ${port}: ${reason}.`, {
    hint: `Choose another port with ${option}, or another address with --listen.`,
    cause,
  });
}

/** What else has to know of another port. */
function followUp(option: string): string {
  if (option === "--metrics") return ".";
  const protocol = option === "--grpc-port" ? "--protocol grpc " : "";
  return ` and let Claude Code send there: cctelemetry init --replace ${protocol}--endpoint http://127.0.0.1:<port>`;
}

function addressText({ address: { address, family, port } }: Server): string {
  return family === "IPv6" ? `[${address}]:${port}` : `${address}:${port}`;
}
