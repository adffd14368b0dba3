import { microsOf, spentText, stageText } from "@cctelemetry/core/text";
import type { VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { LiveMessage } from "../../host/protocol.ts";
import { Sparkline } from "../charts/lines.tsx";
import { hueOf, tokenTypes } from "../data/colours.ts";
import {
  agoText,
  durationText,
  exactText,
  hourlyText,
  plural,
  ratioText,
  shortId,
  tokensText,
} from "../data/text.ts";
import { usePage } from "../ui/context.ts";
import { IconButton, LinkButton } from "../ui/controls.tsx";

const MOST_SAMPLES = 60;
const SAMPLE_EVERY = 2e6;

type Session = LiveMessage["sessions"][number];

interface CardProps {
  readonly session: Session;
  readonly now: string;
}

/** A running session at a glance. */
export function SessionCard({ session, now }: CardProps): VNode {
  const { client, change, pinned } = usePage();
  const samples = useSamples(microsOf(now), session.tokens_per_minute);
  const { session_id: sessionId, total_tokens, cost_usd } = session;
  const stage = stageText(session);
  const isPinned = pinned === sessionId;
  const open = () => change({ tab: "sessions", openSession: sessionId });
  return (
    <article class="card" aria-label={`Session ${shortId(sessionId)}`}>
      <header class="card-head">
        <LinkButton title={sessionId} onClick={open}>
          {shortId(sessionId)}
        </LinkButton>
        {stage !== null && (
          <span class="stage">
            <span class={`swatch ${hueOf(stage)}`} aria-hidden="true" />
            {stage}
          </span>
        )}
        <span class="spring" />
        <IconButton
          icon={isPinned ? "pinned" : "pin"}
          label={isPinned ? "Unpin from the status bar" : "Pin to the status bar"}
          pressed={isPinned}
          onClick={() => client.post({ kind: "pin", sessionId: isPinned ? null : sessionId })}
        />
      </header>
      <p class="big">
        <Changing text={tokensText(total_tokens)} exact={exactText(total_tokens)} />
        <span class="quiet"> tokens </span>
        <Changing text={spentText(session)} exact={exactText(cost_usd)} />
        <span class="quiet"> {agoText(session.last_activity, now)}</span>
      </p>
      <TokenBar session={session} />
      <p class="card-line">
        <span>{hourlyText(session)}/h</span>
        <span class="quiet">{tokensText(Math.round(session.tokens_per_minute))}/min</span>
        <span class="spring" />
        <Sparkline values={samples} />
      </p>
      <CardFacts session={session} />
    </article>
  );
}

function CardFacts({ session }: { readonly session: Session }): VNode {
  const { model, workflow_id, requests, context_tokens, cache_hit_rate } = session;
  const { errors, tool_failures, first_time, last_time } = session;
  const unpriced = session.unpriced_requests ?? 0;
  return (
    <>
      <p class="card-line">
        <span class="model">{model ?? "no model yet"}</span>
        {workflow_id !== null && <span class="quiet">{workflow_id}</span>}
      </p>
      <p class="card-line quiet">
        <span>{tokensText(requests)} requests</span>
        <span>{ratioText(cache_hit_rate)} cached</span>
        <span>{durationText((microsOf(last_time) - microsOf(first_time)) / 1000)}</span>
        {errors > 0 && <span class="bad">{plural(errors, "error")}</span>}
        {tool_failures > 0 && <span class="bad">{plural(tool_failures, "failed tool")}</span>}
      </p>
      {unpriced > 0 && <p class="card-line quiet">{plural(unpriced, "request")} without a price</p>}
      {context_tokens !== null && (
        <p class="card-line quiet" title={`${context_tokens} tokens sent by the last request`}>
          context {tokensText(context_tokens)}
        </p>
      )}
    </>
  );
}

function TokenBar({ session }: { readonly session: Session }): VNode {
  const texts = tokenTypes.map(({ name, label }) => `${label} ${tokensText(session[name])}`);
  return (
    <div class="token-bar" role="img" aria-label={texts.join(", ")} title={texts.join(" · ")}>
      {tokenTypes.map(({ name, colour }) => (
        <span key={name} class={colour} style={{ flexGrow: session[name] }} />
      ))}
    </div>
  );
}

/** A number that fades in when it changes, unless motion is not wanted. */
function Changing({ text, exact }: { readonly text: string; readonly exact: string }): VNode {
  return (
    <span key={text} class="changing" title={exact} data-exact={exact}>
      {text}
    </span>
  );
}

/** The last values of a number that changes, one every two seconds. */
function useSamples(now: number, value: number): readonly number[] {
  const held = useRef<{ readonly values: number[]; last: number }>({ values: [], last: 0 });
  useEffect(() => {
    const { current } = held;
    if (now - current.last < SAMPLE_EVERY) return;
    current.last = now;
    current.values.push(value);
    if (current.values.length > MOST_SAMPLES) current.values.shift();
  });
  return [...held.current.values, value];
}
