/** Bytes of requests that are held in memory at one time, by all connections together. */
export interface FlightBudget {
  readonly limitBytes: number;
  /** Bytes that are reserved now. */
  readonly reservedBytes: () => number;
  /** Reserves bytes; false, and nothing reserved, if that would pass the limit. */
  readonly reserve: (bytes: number) => boolean;
  /** Releases reserved bytes. */
  readonly release: (bytes: number) => void;
}

/** A budget with nothing reserved. */
export function flightBudget(limitBytes: number): FlightBudget {
  let reserved = 0;
  return {
    limitBytes,
    reservedBytes: () => reserved,
    reserve: (bytes) => {
      if (reserved + bytes > limitBytes) return false;
      reserved += bytes;
      return true;
    },
    release: (bytes) => {
      reserved -= bytes;
    },
  };
}
