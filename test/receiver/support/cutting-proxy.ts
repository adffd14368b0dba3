import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import type { Lab } from "./lab.ts";

/** Stands between a sender and a receiver. */
export interface CuttingProxy {
  readonly http: string;
  readonly grpc: string;
  /** How many connections it has cut. */
  readonly cuts: () => number;
  readonly close: () => void;
}

/** Cuts the connection on which the first answer comes, when the receiver has kept the request. */
export async function cuttingProxy({ http, grpc, lines }: Lab): Promise<CuttingProxy> {
  let cuts = 0;
  const isFirstAnswer = () => cuts === 0 && lines().length > 0;
  const cut = () => {
    cuts++;
  };
  const [httpServer, grpcServer] = await Promise.all([
    passing(http, isFirstAnswer, cut),
    passing(grpc, isFirstAnswer, cut),
  ]);
  return {
    http: addressOf(httpServer),
    grpc: addressOf(grpcServer),
    cuts: () => cuts,
    close: () => {
      for (const { server, sockets } of [httpServer, grpcServer]) {
        server.close();
        for (const socket of sockets) socket.destroy();
      }
    },
  };
}

interface Passing {
  readonly server: Server;
  readonly sockets: readonly Socket[];
}

async function passing(to: string, isToCut: () => boolean, cut: () => void): Promise<Passing> {
  const [host = "", port = ""] = to.split(":");
  const sockets: Socket[] = [];
  const server = createServer((near) => {
    sockets.push(near);
    const far = connect(Number(port), host);
    const end = () => {
      near.destroy();
      far.destroy();
    };
    near
      .on("error", end)
      .on("close", end)
      .on("data", (bytes) => far.write(bytes));
    far.on("error", end).on("close", end);
    far.on("data", (bytes) => {
      if (isToCut()) {
        cut();
        end();
      } else near.write(bytes);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { server, sockets };
}

function addressOf({ server }: Passing): string {
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}
