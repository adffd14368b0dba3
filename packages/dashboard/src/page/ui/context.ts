import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { LiveMessage, PageState, ReportDescription } from "../../host/protocol.ts";
import type { Client } from "../data/client.ts";
import type { Change } from "../data/state.ts";

/** What every view knows. */
export interface Page {
  readonly client: Client;
  readonly state: PageState;
  readonly change: (change: Change) => void;
  readonly timeZone: string;
  readonly pinned: string | null;
  readonly reports: ReadonlyMap<string, ReportDescription>;
  readonly live: LiveMessage | undefined;
  /** Grows when the store has new rows. */
  readonly version: number;
  /** Says something to those who hear the page. */
  readonly say: (text: string) => void;
}

export const PageContext = createContext<Page | undefined>(undefined);

/** The page around a component. */
export function usePage(): Page {
  const page = useContext(PageContext);
  if (page === undefined) throw new Error("a view is drawn outside the page");
  return page;
}
