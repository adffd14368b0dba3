import { backlogRead } from "@cctelemetry/core/text";
import type { VNode } from "preact";
import type { LiveMessage } from "../../host/protocol.ts";
import { ratioText } from "../data/text.ts";
import { usePage } from "../ui/context.ts";
import { Icon, LinkButton } from "../ui/controls.tsx";

/** What keeps the numbers from being complete at the moment; nothing if nothing does. */
export function Conditions({ live }: { readonly live: LiveMessage }): VNode | null {
  const { client } = usePage();
  const { store, files } = live;
  const read = backlogRead(live);
  const troubled = files.filter(({ state }) => state === "unreadable" || state === "unsuitable");
  if (store.state === "ok" && troubled.length === 0 && read === null) return null;
  return (
    <div class="conditions" role="status">
      {read !== null && (
        <p>
          <Icon name="info" /> Catching up with the telemetry file, {ratioText(read)} read.
        </p>
      )}
      {store.state !== "ok" && (
        <p class="bad">
          <Icon name="error" /> {store.reason ?? "The database cannot be used."} {store.hint}{" "}
          <LinkButton onClick={() => client.post({ kind: "command", command: "log" })}>
            Open the log
          </LinkButton>
        </p>
      )}
      {troubled.map(({ path, reason }) => (
        <p key={path} class="bad">
          <Icon name="warning" /> {path}: {reason}
        </p>
      ))}
    </div>
  );
}
