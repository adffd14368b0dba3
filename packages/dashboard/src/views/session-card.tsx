import type { VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Sparkline } from "../charts/lines.tsx";
import { hueOf, tokenTypes } from "../data/colours.ts";
import {
  agoText,
  durationText,
  hourlyText,
  liveCostText,
  plural,
  ratioText,
  shortId,
  tokensText,
} from "../data/text.ts";
import type { LiveSessionView } from "../protocol.ts";
import { usePage } from "../ui/context.ts";
import { IconButton, LinkButton } from "../ui/controls.tsx";

const MOST_SAMPLES = 60;
const SAMPLE_EVERY = 2e6;

interface CardProps {
  readonly session: LiveSessionView;
  readonly now: number;
}

/** A running session at a glance. */
export function SessionCard({ session, now }: CardProps): VNode {
  const { client, change, pinned } = usePage();
  const samples = useSamples(now, session.burn.tokensPerMinute);
  const isPinned = pinned === session.sessionId;
  const open = () => change({ tab: "sessions", openSession: session.sessionId });
  return (
    <article class="card" aria-label={`Session ${shortId(session.sessionId)}`}>
      <header class="card-head">
        <LinkButton title={session.sessionId} onClick={open}>
          {shortId(session.sessionId)}
        </LinkButton>
        {session.stage !== null && (
          <span class="stage">
            <span class={`swatch ${hueOf(session.stage)}`} aria-hidden="true" />
            {session.stage}
          </span>
        )}
        <span class="spring" />
        <IconButton
          icon={isPinned ? "pinned" : "pin"}
          label={isPinned ? "Unpin from the status bar" : "Pin to the status bar"}
          pressed={isPinned}
          onClick={() =>
            client.post({ kind: "pin", sessionId: isPinned ? null : session.sessionId })
          }
        />
      </header>
      <p class="big">
        <Changing text={tokensText(session.totalTokens)} exact={session.totalTokens} />
        <span class="quiet"> tokens </span>
        <Changing text={liveCostText(session)} exact={session.costUsd ?? "no price"} />
        <span class="quiet"> {agoText(session.lastActivity, now)}</span>
      </p>
      <TokenBar session={session} />
      <p class="card-line">
        <span>{hourlyText(session.burn)}/h</span>
        <span class="quiet">{tokensText(Math.round(session.burn.tokensPerMinute))}/min</span>
        <span class="spring" />
        <Sparkline values={samples} />
      </p>
      <CardFacts session={session} />
    </article>
  );
}

function CardFacts({ session }: { readonly session: LiveSessionView }): VNode {
  const { model, workflowId, requests, contextTokens, cacheHitRate } = session;
  const { errors, toolFailures, unpricedRequests } = session;
  return (
    <>
      <p class="card-line">
        <span class="model">{model ?? "no model yet"}</span>
        {workflowId !== null && <span class="quiet">{workflowId}</span>}
      </p>
      <p class="card-line quiet">
        <span>{tokensText(requests)} requests</span>
        <span>{ratioText(cacheHitRate)} cached</span>
        <span>{durationText((session.lastTime - session.firstTime) / 1000)}</span>
        {errors > 0 && <span class="bad">{plural(errors, "error")}</span>}
        {toolFailures > 0 && <span class="bad">{plural(toolFailures, "failed tool")}</span>}
      </p>
      {unpricedRequests > 0 && (
        <p class="card-line quiet">{plural(unpricedRequests, "request")} without a price</p>
      )}
      {contextTokens !== null && (
        <p class="card-line quiet" title={`${contextTokens} tokens sent by the last request`}>
          context {tokensText(contextTokens)}
        </p>
      )}
    </>
  );
}

const fields = {
  input_tokens: "inputTokens",
  output_tokens: "outputTokens",
  cache_read_tokens: "cacheReadTokens",
  cache_creation_tokens: "cacheCreationTokens",
} as const;

function TokenBar({ session }: { readonly session: LiveSessionView }): VNode {
  const texts = tokenTypes.map(
    ({ name, label }) => `${label} ${tokensText(session[fields[name]])}`,
  );
  return (
    <div class="token-bar" role="img" aria-label={texts.join(", ")} title={texts.join(" · ")}>
      {tokenTypes.map(({ name, colour }) => (
        <span key={name} class={colour} style={{ flexGrow: session[fields[name]] }} />
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
