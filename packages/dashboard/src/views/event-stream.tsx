import { escapeUnsafe } from "@cctelemetry/core/text";
import type { VNode } from "preact";
import { clockText, durationText, shortId, tokensText, usdText } from "../data/text.ts";
import type { LiveEventView } from "../protocol.ts";
import { usePage } from "../ui/context.ts";
import { LinkButton } from "../ui/controls.tsx";
import { Empty } from "../ui/parts.tsx";
import { Scrolled } from "../ui/scrolled.tsx";

/** The last events, newest first. */
export function EventStream({ events }: { readonly events: readonly LiveEventView[] }): VNode {
  const { timeZone, change } = usePage();
  if (events.length === 0) return <Empty text="No events yet." />;
  return (
    <Scrolled class="events" label="Last events">
      <table>
        <caption class="aside">Last events, newest first</caption>
        <thead>
          <tr>
            <th scope="col">time</th>
            <th scope="col">session</th>
            <th scope="col">event</th>
            <th scope="col">what</th>
            <th scope="col">stage</th>
            <th scope="col" class="number">
              took
            </th>
            <th scope="col" class="number">
              tokens
            </th>
            <th scope="col" class="number">
              cost
            </th>
          </tr>
        </thead>
        <tbody>
          {events.map((event) => (
            <tr key={event.id}>
              <td class="time">{clockText(event.time, timeZone)}</td>
              <td>
                {event.sessionId !== null && (
                  <LinkButton
                    title={event.sessionId}
                    onClick={() => change({ tab: "sessions", openSession: event.sessionId })}
                  >
                    {shortId(event.sessionId)}
                  </LinkButton>
                )}
              </td>
              <td>{escapeUnsafe(event.name)}</td>
              <td class={isBad(event) ? "bad" : undefined}>{escapeUnsafe(whatText(event))}</td>
              <td>{escapeUnsafe(event.stage ?? "")}</td>
              <td class="number">
                {event.durationMs === null ? "" : durationText(event.durationMs)}
              </td>
              <td class="number" title={event.spent?.totalTokens}>
                {event.spent === null ? "" : tokensText(event.spent.totalTokens)}
              </td>
              <td class="number" title={event.spent?.costUsd ?? undefined}>
                {event.spent === null ? "" : usdText(event.spent.costUsd)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scrolled>
  );
}

function isBad({ kind, success }: LiveEventView): boolean {
  return kind === "error" || kind === "refusal" || success === false;
}

function whatText(event: LiveEventView): string {
  switch (event.kind) {
    case "request":
      return event.model ?? "";
    case "error":
    case "refusal":
      return [event.subject, event.error ?? event.model].filter((part) => part !== null).join(" ");
    case "prompt":
      return event.subject ?? (event.length === null ? "" : `${event.length} characters`);
    case "tool":
      return `${event.subject ?? ""}${event.success === false ? " failed" : ""}`;
    default:
      return event.subject ?? "";
  }
}
