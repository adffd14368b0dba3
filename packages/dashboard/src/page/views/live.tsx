import { isRunning, spentText } from "@cctelemetry/core/text";
import type { VNode } from "preact";
import type { LiveMessage } from "../../host/protocol.ts";
import { exactText, hourlyText, tokensText } from "../data/text.ts";
import { usePage } from "../ui/context.ts";
import { Button, Ring } from "../ui/controls.tsx";
import { Empty, Facts, Part, View } from "../ui/parts.tsx";
import { Conditions } from "./conditions.tsx";
import { EventStream } from "./event-stream.tsx";
import { LiveActivity } from "./live-activity.tsx";
import { SessionCard } from "./session-card.tsx";

const MOST_CARDS = 12;

/** What is running now. */
export function LiveView(): VNode {
  const { live } = usePage();
  return (
    <View question="What is running now?">
      {live === undefined ? (
        <div class="waiting" role="status">
          <Ring /> <span>Waiting for live numbers</span>
        </div>
      ) : (
        <Running live={live} />
      )}
    </View>
  );
}

function Running({ live }: { readonly live: LiveMessage }): VNode {
  const { client, change } = usePage();
  const running = live.sessions.filter((session) => isRunning(session, live.time));
  const [last] = live.sessions;
  return (
    <>
      <Conditions live={live} />
      <Facts facts={todayFacts(live)} />
      {running.length > 0 ? (
        <div class="cards">
          {running.slice(0, MOST_CARDS).map((session) => (
            <SessionCard key={session.session_id} session={session} now={live.time} />
          ))}
        </div>
      ) : (
        <Empty
          text={
            last === undefined
              ? "No telemetry has arrived yet. Once Claude Code writes some, its sessions show here within a second."
              : "Nothing is running at the moment."
          }
        >
          {last === undefined ? (
            <Button onClick={() => client.post({ kind: "command", command: "walkthrough" })}>
              Set up telemetry
            </Button>
          ) : (
            <Button onClick={() => change({ tab: "sessions", openSession: last.session_id })}>
              Open the last session
            </Button>
          )}
        </Empty>
      )}
      <LiveActivity />
      <Part heading="Last events">
        <EventStream events={live.recent} />
      </Part>
    </>
  );
}

function todayFacts({ today }: LiveMessage) {
  const unpriced = today.unpriced_requests ?? 0;
  return [
    { label: "today", text: spentText(today), exact: exactText(today.cost_usd) },
    { label: "tokens", text: tokensText(today.total_tokens), exact: exactText(today.total_tokens) },
    { label: "sessions", text: tokensText(today.sessions) },
    { label: "requests", text: tokensText(today.requests) },
    ...(unpriced > 0 ? [{ label: "without a price", text: tokensText(unpriced) }] : []),
    { label: "an hour", text: hourlyText(today) },
    { label: "errors", text: tokensText(today.errors), isBad: today.errors > 0 },
    {
      label: "failed tools",
      text: tokensText(today.tool_failures),
      isBad: today.tool_failures > 0,
    },
  ];
}
