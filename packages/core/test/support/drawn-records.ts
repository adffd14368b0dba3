import fc from "fast-check";
import { cost, tokens, usd } from "./amounts.ts";
import { type Event, type Point, request } from "./otlp.ts";

/** Records of Claude Code as properties of the live state draw them, tags and extreme amounts among them. */

/** The instant before which they are. */
export const NOW: number = Date.parse("2026-11-21T12:00:00.000Z");
const MINUTE = 60_000;

/** Minutes ago: mostly of these minutes, some of yesterday, a few from before anything is kept. */
const ago = (oldest: number): fc.Arbitrary<string> =>
  fc
    .oneof(
      { weight: 6, arbitrary: fc.integer({ min: 0, max: 12 }) },
      { weight: 3, arbitrary: fc.integer({ min: 13, max: 1500 }) },
      { weight: 1, arbitrary: fc.integer({ min: 0, max: oldest }) },
    )
    .map((minutes) => new Date(NOW - minutes * MINUTE).toISOString());

/** Who a record is of, by its attributes. */
type Who = fc.Arbitrary<Readonly<Record<string, string>>>;

/** Who: a session, with metrics and events or one of them, or a user whose session ids are switched off. */
export const anyone: Who = fc.constantFrom(
  { "session.id": "s1" },
  { "session.id": "s2", "user.id": "u1" },
  { "session.id": "s3" },
  { "user.id": "u1" },
  { "user.id": "u2" },
  {},
);

const tags = fc.record(
  {
    stage: fc.constantFrom("plan", "implement"),
    workflow_id: fc.constantFrom("w1", "w2"),
    task_id: fc.constantFrom("t1"),
    model: fc.constantFrom("claude-opus-5-5", "claude-haiku-5-5"),
    "prompt.id": fc.constantFrom("p1", "p2"),
  },
  { requiredKeys: [] },
);

/** Ids of requests: some are recorded more than once, by other routes or in other sessions. */
const requestIds = fc.constantFrom(undefined, undefined, undefined, "r1", "r2", "r3");

const asRequest = (
  time: fc.Arbitrary<string>,
  who: Who,
  ids: fc.Arbitrary<string | undefined>,
): fc.Arbitrary<Event> =>
  fc
    .record({
      id: ids,
      time,
      who,
      tags,
      tokens,
      cost,
      source: fc.constantFrom("sdk", "agent:custom", "compact"),
    })
    .map((each) => {
      const id = each.id === undefined ? {} : { request_id: each.id };
      const used = { ...each.who, ...each.tags, ...each.cost, ...id, query_source: each.source };
      const { attributes, ...event } = request(each.time, { ...used, output_tokens: each.tokens });
      const { cost_usd: _cost, "session.id": session, ...left } = attributes ?? {};
      const kept = {
        ...each.cost,
        ...("session.id" in each.who ? { "session.id": session ?? "" } : {}),
      };
      return { ...event, attributes: { ...left, ...kept } };
    });

const asEvent = (time: fc.Arbitrary<string>, who: Who): fc.Arbitrary<Event> =>
  fc
    .record({
      at: time,
      name: fc.constantFrom("tool_result", "api_error", "api_refusal", "user_prompt", "compaction"),
      who,
      tags,
      success: fc.constantFrom("true", "false"),
    })
    .map(({ at, name, who: whose, tags: sent, success }) => ({
      ...{ at, name },
      attributes: { ...whose, ...sent, success },
    }));

const asPoint = (time: fc.Arbitrary<string>, who: Who): fc.Arbitrary<Point> =>
  fc
    .record({
      at: time,
      from: fc.constantFrom("2026-11-18T00:00:00.000Z", "2026-11-21T00:00:00.000Z"),
      metric: fc.constantFrom("token.usage", "cost.usage", "session.count"),
      temporality: fc.constantFrom("delta", "cumulative", "cumulative", "unspecified"),
      value: fc.oneof(fc.constantFrom(0, 1, 5, 7.5, 20, 30.25, 31), usd),
      integer: fc.boolean(),
      /** Integers as large as these are the same double as the next one. */
      huge: fc.constantFrom(0n, 0n, 0n, 2n ** 53n, 2n ** 63n - 200_000n),
      monotonic: fc.constantFrom(true, true, false),
      flags: fc.constantFrom(undefined, undefined, undefined, 1, 2),
      who,
      type: fc.constantFrom("input", "output", "cacheRead", "cache_creation", "other"),
    })
    .map(({ who: whose, type, flags, integer, huge, value, ...point }) => ({
      ...point,
      ...(flags === undefined ? {} : { flags }),
      ...{ integer, value: integer ? String(BigInt(Math.floor(value)) + huge) : value },
      attributes: { ...whose, type, model: "claude-opus-5-5" },
    }));

const asMark = (time: fc.Arbitrary<string>, who: Who): fc.Arbitrary<Event> =>
  fc
    .record({
      at: time,
      who,
      action: fc.constantFrom("start", "start", "end", "session", "prompt", "subagent", "else"),
      stage: fc.constantFrom({}, { stage: "plan" }, { stage: "review", workflow_id: "w3" }),
      ids: fc.constantFrom({}, { "prompt.id": "p1" }, { agent_id: "a1" }),
    })
    .map(({ at, who: whose, action, stage, ids }) => ({
      ...{ at, name: "stage_mark" },
      attributes: { ...whose, action, ...stage, ...ids },
    }));

/** Requests of the main thread and of subagents and metrics, without tags of their own, and marks around them. */
export const aStagedRecord = (oldest: number, who: Who): fc.Arbitrary<Event | Point> => {
  const asked = fc.record({
    event: asRequest(ago(oldest), who, requestIds),
    agent: fc.constantFrom({}, { agent_id: "a1", "agent.name": "Explore" }, { agent_id: "a2" }),
    duration: fc.constantFrom({}, { duration_ms: 90_000 }, { duration_ms: 1_200_000 }),
  });
  const untagged = asked.map(({ event, agent, duration }) => {
    const { stage: _stage, ...kept } = event.attributes ?? {};
    return { ...event, attributes: { ...kept, ...agent, ...duration } };
  });
  return fc.oneof(
    untagged,
    asMark(ago(oldest), who),
    asEvent(ago(oldest), who),
    asPoint(ago(oldest), who),
  );
};

/** Records of these, up to so many minutes ago; `ids` are those of their requests. */
export const aRecord = (
  oldest: number,
  who: Who,
  ids: fc.Arbitrary<string | undefined> = requestIds,
): fc.Arbitrary<Event | Point> =>
  fc.oneof(asRequest(ago(oldest), who, ids), asEvent(ago(oldest), who), asPoint(ago(oldest), who));
