import { RUNNING_MS } from "@cctelemetry/core/text";
import type { VNode } from "preact";
import { hourlyText, liveCostText, tokensText } from "../data/text.ts";
import type { LiveMessage } from "../protocol.ts";
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
  const running = live.sessions.filter(
    ({ lastActivity }) => live.now - lastActivity < RUNNING_MS * 1000,
  );
  const [last] = live.sessions;
  return (
    <>
      <Conditions live={live} />
      <Facts facts={todayFacts(live)} />
      {running.length > 0 ? (
        <div class="cards">
          {running.slice(0, MOST_CARDS).map((session) => (
            <SessionCard key={session.sessionId} session={session} now={live.now} />
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
            <Button onClick={() => change({ tab: "sessions", openSession: last.sessionId })}>
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
  return [
    { label: "today", text: liveCostText(today), exact: today.costUsd ?? "no price" },
    { label: "tokens", text: tokensText(today.totalTokens), exact: today.totalTokens },
    { label: "sessions", text: tokensText(today.sessions) },
    { label: "requests", text: tokensText(today.requests) },
    ...(today.unpricedRequests > 0
      ? [{ label: "without a price", text: tokensText(today.unpricedRequests) }]
      : []),
    { label: "an hour", text: hourlyText(today.burn) },
    { label: "errors", text: tokensText(today.errors), isBad: today.errors > 0 },
    {
      label: "failed tools",
      text: tokensText(today.toolFailures),
      isBad: today.toolFailures > 0,
    },
  ];
}
