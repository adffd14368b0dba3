import { escapeUnsafe } from "@cctelemetry/core/text";
import type { VNode } from "preact";
import type { LiveMessage } from "../../host/protocol.ts";
import { clockText, durationText, exactText, shortId, tokensText, usdText } from "../data/text.ts";
import { usePage } from "../ui/context.ts";
import { LinkButton } from "../ui/controls.tsx";
import { Empty } from "../ui/parts.tsx";
import { Scrolled } from "../ui/scrolled.tsx";

type Event = LiveMessage["recent"][number];

/** The last events, newest first. */
export function EventStream({ events }: { readonly events: LiveMessage["recent"] }): VNode {
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
            <tr key={event.record_id}>
              <td class="time">{clockText(event.time, timeZone)}</td>
              <td>
                {event.session_id !== null && (
                  <LinkButton
                    title={event.session_id}
                    onClick={() => change({ tab: "sessions", openSession: event.session_id })}
                  >
                    {shortId(event.session_id)}
                  </LinkButton>
                )}
              </td>
              <td>{escapeUnsafe(event.event_name)}</td>
              <td class={isBad(event) ? "bad" : undefined}>{escapeUnsafe(whatText(event))}</td>
              <td>{escapeUnsafe(event.stage ?? "")}</td>
              <td class="number">
                {event.duration_ms === null ? "" : durationText(event.duration_ms)}
              </td>
              {event.kind === "request" ? (
                <SpentCells request={event} />
              ) : (
                <td class="number" colSpan={2} />
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </Scrolled>
  );
}

function SpentCells({ request }: { readonly request: Extract<Event, { kind: "request" }> }): VNode {
  const { total_tokens, cost_usd } = request;
  return (
    <>
      <td class="number" title={exactText(total_tokens)}>
        {tokensText(total_tokens)}
      </td>
      <td class="number" title={exactText(cost_usd)}>
        {usdText(cost_usd)}
      </td>
    </>
  );
}

function isBad(event: Event): boolean {
  const { kind } = event;
  return kind === "error" || kind === "refusal" || (kind === "tool" && event.success === false);
}

function whatText(event: Event): string {
  switch (event.kind) {
    case "request":
    case "refusal":
      return event.model ?? "";
    case "error": {
      const { status_code, error, model } = event;
      return [status_code, error ?? model].filter((part) => part !== null).join(" ");
    }
    case "prompt": {
      const { command_name, prompt_length } = event;
      return command_name ?? (prompt_length === null ? "" : `${prompt_length} characters`);
    }
    case "tool":
      return `${event.tool_name ?? ""}${event.success === false ? " failed" : ""}`;
    default:
      return event.subject ?? "";
  }
}
