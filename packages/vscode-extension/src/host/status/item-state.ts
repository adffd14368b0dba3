import type { StatusView } from "../../status-view.ts";
import type { Settings } from "../settings.ts";

/** What is known at the moment: of the child process, and what it sent last. */
export type ItemState =
  /** The child process has not sent anything yet. */
  | { readonly kind: "starting" }
  | { readonly kind: "live"; readonly view: StatusView }
  /** The child process is gone and will be started again. */
  | { readonly kind: "restarting"; readonly view: StatusView | undefined; readonly reason: string };

/** What the look of the item depends on, apart from the state. */
export interface AppearanceOptions {
  readonly settings: Pick<Settings, "statusText" | "idleAfterMs" | "session" | "day" | "problems">;
  readonly pinned: string | null;
}
