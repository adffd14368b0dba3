/** Bytes of requests that are held in memory at one time, by all connections together. */
export interface FlightBudget {
  readonly limitBytes: number;
  /** Bytes that are taken now. */
  readonly takenBytes: () => number;
  /** Takes so many bytes; false, and nothing taken, where they would pass the limit. */
  readonly take: (bytes: number) => boolean;
  /** Gives back what was taken. */
  readonly give: (bytes: number) => void;
}

/** A budget of which nothing is taken yet. */
export function flightBudget(limitBytes: number): FlightBudget {
  let taken = 0;
  return {
    limitBytes,
    takenBytes: () => taken,
    take: (bytes) => {
      if (taken + bytes > limitBytes) return false;
      taken += bytes;
      return true;
    },
    give: (bytes) => {
      taken -= bytes;
    },
  };
}
