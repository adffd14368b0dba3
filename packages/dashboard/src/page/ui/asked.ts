import { useEffect, useState } from "preact/hooks";
import type { ReportParameters, TableMessage } from "../../host/protocol.ts";
import { Refusal, type Request } from "../data/client.ts";
import { parametersFor } from "../data/state.ts";
import { usePage } from "./context.ts";

/** An answer, or what is known until it is there. */
export interface Asked {
  /** The last answer; of the same request unless `isOld`. */
  readonly table: TableMessage | undefined;
  readonly refusal: Refusal | undefined;
  readonly isOld: boolean;
  /** True if nothing was asked, or there is no such report. */
  readonly isAbsent: boolean;
}

interface Held {
  readonly key: string;
  readonly table: TableMessage | undefined;
  readonly refusal: Refusal | undefined;
}

/**
 * A report within the page's range and filter, asked again when the store changes. Without a name
 * nothing is asked.
 */
export function useReport(name: string | undefined, own: ReportParameters = {}): Asked {
  const { reports, state, timeZone } = usePage();
  const report = name === undefined ? undefined : reports.get(name);
  const request: Request | undefined =
    report === undefined
      ? undefined
      : { kind: "report", name, parameters: parametersFor(report, state, timeZone, own) };
  return useTable(request);
}

/** The answer to a request, asked again when the store changes. */
export function useTable(request: Request | undefined): Asked {
  const { client, version } = usePage();
  const key = request === undefined ? "" : JSON.stringify(request);
  const [held, hold] = useState<Held>();
  useEffect(() => {
    if (request === undefined) return;
    const stop = new AbortController();
    client.table(request, stop.signal).then(
      (table) => hold({ key, table, refusal: undefined }),
      (reason: unknown) => {
        const refusal =
          reason instanceof Refusal
            ? reason
            : new Refusal("The answer could not be read.", undefined);
        hold((before) => ({ key, table: before?.key === key ? before.table : undefined, refusal }));
      },
    );
    return () => stop.abort();
    // The key stands for the request.
  }, [client, key, version]);
  if (request === undefined)
    return { table: undefined, refusal: undefined, isOld: false, isAbsent: true };
  if (held?.key === key) return { ...held, isOld: false, isAbsent: false };
  const kept = client.last(request);
  const table = kept ?? held?.table;
  return { table, refusal: undefined, isOld: kept === undefined, isAbsent: false };
}
