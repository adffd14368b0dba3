/** One open connection of a port. */
export interface Place {
  /** A request begins on it. */
  readonly begin: () => void;
  /** A request that has begun is answered. */
  readonly finish: () => void;
  /** It is closed. */
  readonly close: () => void;
}

/** The connections of one port, of which a limited number may be open. */
export interface Connections {
  /**
   * Admits a connection, which `end` closes. If the limit is reached, an idle one is closed for it:
   * one that never sent a request before one that did, the oldest first. Undefined if all are busy.
   */
  readonly open: (end: () => void) => Place | undefined;
}

interface Connection {
  readonly end: () => void;
  /** Requests under way. */
  running: number;
  used: boolean;
}

/** A limit of `most` connections. */
export function createConnections(most: number): Connections {
  // In the order in which they came or were last used.
  const all = new Set<Connection>();
  return {
    open: (end) => {
      if (all.size >= most) {
        const victim = leastMissed(all);
        if (victim === undefined) return undefined;
        all.delete(victim);
        victim.end();
      }
      const connection: Connection = { end, running: 0, used: false };
      all.add(connection);
      return {
        begin: () => {
          connection.running += 1;
          connection.used = true;
        },
        finish: () => {
          connection.running -= 1;
          if (all.delete(connection)) all.add(connection);
        },
        close: () => void all.delete(connection),
      };
    },
  };
}

function leastMissed(all: ReadonlySet<Connection>): Connection | undefined {
  let rested: Connection | undefined;
  for (const connection of all) {
    if (connection.running > 0) continue;
    if (!connection.used) return connection;
    rested ??= connection;
  }
  return rested;
}
