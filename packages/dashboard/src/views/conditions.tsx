import type { VNode } from "preact";
import { ratioText } from "../data/text.ts";
import type { LiveMessage } from "../protocol.ts";
import { usePage } from "../ui/context.ts";
import { Icon, LinkButton } from "../ui/controls.tsx";

/** What keeps the numbers from being complete at the moment; nothing where nothing does. */
export function Conditions({ live }: { readonly live: LiveMessage }): VNode | null {
  const { client } = usePage();
  const { store, files, catchingUp } = live;
  const troubled = files.filter(({ condition }) =>
    /^(?:unreadable|unsuitable)$/.test(condition.kind),
  );
  if (store.kind === "ok" && troubled.length === 0 && catchingUp === null) return null;
  return (
    <div class="conditions" role="status">
      {catchingUp !== null && (
        <p>
          <Icon name="info" /> Catching up with the telemetry file, {ratioText(catchingUp)} read.
        </p>
      )}
      {store.kind !== "ok" && (
        <p class="bad">
          <Icon name="error" /> {store.message ?? "The database cannot be used."} {store.hint}{" "}
          <LinkButton onClick={() => client.post({ kind: "command", command: "log" })}>
            Open the log
          </LinkButton>
        </p>
      )}
      {troubled.map(({ path, condition }) => (
        <p key={path} class="bad">
          <Icon name="warning" /> {path}: {condition.message}
        </p>
      ))}
    </div>
  );
}
