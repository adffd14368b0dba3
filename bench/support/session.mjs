// What happens in one session: prompts, requests, tools, subagents, errors, compactions.
import { ClaudeProcess } from "./process.mjs";

/**
 * @typedef {import("./random.mjs").Random} Random
 * @typedef {import("./templates.mjs").Templates} Templates
 * @typedef {import("./process.mjs").Export} Export
 * @typedef {import("./process.mjs").Tags} Tags
 * @typedef {{ name: string, price: number }} Model USD for a million input tokens.
 * @typedef {{ kind: string, values: Record<string, string> }} Agent Who asks: the main loop or a subagent.
 */

/** @type {readonly Model[]} */
const models = [
  { name: "claude-opus-5-5", price: 5 },
  { name: "claude-sonnet-5-5", price: 3 },
  { name: "claude-haiku-5-5", price: 1 },
];
const tools = ["Bash", "Bash", "Bash", "Read", "Read", "Read", "Edit", "Edit", "Write", "Grep"];
const agentTypes = ["general-purpose", "Explore"];
/** One request in DEAR_EVERY costs DEAR_TIMES as much: dollars instead of cents. */
const DEAR_EVERY = 97;
const DEAR_TIMES = 400;

/** A session from its start to its end. Times are whole milliseconds. */
export class SessionScript {
  /**
   * @param {Templates} templates
   * @param {Random} random
   * @param {{ tags: Tags, userId: string, start: number }} setting
   */
  constructor(templates, random, { tags, userId, start }) {
    this.random = random;
    this.templates = templates;
    this.now = start;
    this.ends = start + random.int(5 * 60_000, 60 * 60_000);
    this.interactive = random.chance(0.5);
    this.model = /** @type {Model} */ (models[random.chance(0.4) ? 0 : 1]);
    this.context = random.int(12_000, 30_000);
    this.requests = 0;
    this.prompt = random.uuid();
    const identity = {
      tags,
      userId,
      sessionId: random.uuid(),
      terminal: this.interactive ? "tmux" : "xterm-256color",
    };
    this.process = new ClaudeProcess(templates, identity, start);
  }

  /**
   * The session's export requests in order of time.
   *
   * @returns {Generator<Export>}
   */
  *run() {
    this.startUp();
    while (this.now < this.ends) yield* this.turn();
    yield* this.process.end(this.now);
  }

  startUp() {
    this.process.log("managed_settings_resolved", this.now);
    this.now += this.random.int(50, 300);
    for (const plugin of this.templates.plugins) {
      this.process.log("plugin_loaded", this.now, plugin);
      this.now += this.random.int(0, 10);
    }
    const start = { start_type: this.random.chance(0.9) ? "fresh" : "resume" };
    this.process.count("claude_code.session.count", this.now, 1, start);
  }

  /**
   * One prompt and the requests it takes, five on average.
   *
   * @returns {Generator<Export>}
   */
  *turn() {
    const { random, process } = this;
    const thinking = Math.round(this.interactive ? random.skewed(12_000, 0.7) : 600);
    yield* this.pass(thinking);
    if (this.interactive) {
      process.count("claude_code.active_time.total", this.now, thinking / 1000, { type: "user" });
    }
    this.prompt = random.uuid();
    process.log("user_prompt", this.now, {
      "prompt.id": this.prompt,
      prompt_length: random.int(4, 900),
      "message.uuid": random.uuid(),
    });
    const began = this.now;
    let goesOn = true;
    while (goesOn) {
      goesOn = random.chance(0.8);
      yield* this.step(goesOn);
    }
    const active = (this.now - began) / 1000;
    process.count("claude_code.active_time.total", this.now, active, { type: "cli" });
  }

  /**
   * One request of the main loop, with its tool unless it is the last of the turn.
   *
   * @returns {Generator<Export>}
   */
  *step(/** @type {boolean} */ withTool) {
    if (this.random.chance(0.012)) yield* this.failure();
    if (this.context > 170_000) yield* this.compact();
    const source = this.interactive ? "repl_main_thread" : "sdk";
    const tool = this.random.chance(0.03) ? "Agent" : this.random.pick(tools);
    const answers = !withTool || this.random.chance(0.25);
    yield* this.request(source, mainLoop, withTool ? tool : undefined, answers);
  }

  /**
   * A request, what it answers and the tool it uses.
   *
   * @returns {Generator<Export>}
   */
  *request(
    /** @type {string} */ source,
    /** @type {Agent} */ agent,
    /** @type {string | undefined} */ tool,
    /** @type {boolean} */ answers,
  ) {
    const { random, process } = this;
    const duration = Math.round(random.skewed(6000, 0.6)) + 600;
    yield* this.pass(duration);
    const ids = {
      "prompt.id": this.prompt,
      request_id: `req_011C${random.base62(20)}`,
      ...agent.values,
    };
    const use = { ...ids, tool_name: tool ?? "", tool_use_id: `toolu_01${random.base62(22)}` };
    if (tool !== undefined) this.decide(tool, use, agent);
    this.usage(source, agent, duration, ids);
    if (answers) {
      process.log(`assistant_response${agent.kind}`, this.now, {
        ...ids,
        response_length: random.int(20, 4000),
        "message.uuid": random.uuid(),
        model: this.model.name,
        query_source: source,
      });
    }
    if (tool === "Agent") yield* this.subagent();
    if (tool !== undefined) yield* this.toolResult(use, agent);
  }

  decide(
    /** @type {string} */ tool,
    /** @type {Record<string, string>} */ use,
    /** @type {Agent} */ agent,
  ) {
    const { random, process } = this;
    const mode = this.interactive ? "auto" : "bypassPermissions";
    process.log(`tool_decision${agent.kind}`, this.now - random.int(1, 300), {
      ...use,
      permission_mode: mode,
    });
    if (tool !== "Edit" && tool !== "Write") return;
    const model = this.model.name;
    process.count("claude_code.code_edit_tool.decision", this.now, 1, { tool_name: tool });
    for (const type of ["added", "removed"]) {
      const lines = random.int(1, 60);
      process.count("claude_code.lines_of_code.count", this.now, lines, { type, model });
    }
  }

  /** The api_request event and the metrics that count the same. */
  usage(
    /** @type {string} */ source,
    /** @type {Agent} */ agent,
    /** @type {number} */ duration,
    /** @type {Record<string, string>} */ ids,
  ) {
    const { random, process, model } = this;
    const input = random.int(2, 40);
    const output = Math.round(random.skewed(350, 1)) + 1;
    const cacheRead = this.context;
    const cacheCreation = Math.round(random.skewed(900, 0.9));
    const tokens = input + 5 * output + 0.1 * cacheRead + 1.25 * cacheCreation;
    this.requests++;
    const times = this.requests % DEAR_EVERY === 0 ? DEAR_TIMES : 1;
    const cost = (tokens * model.price * times) / 1e6;
    this.context += cacheCreation + output;
    process.log(`api_request${agent.kind}`, this.now, {
      ...ids,
      model: model.name,
      input_tokens: input,
      output_tokens: output,
      cache_read_tokens: cacheRead,
      cache_creation_tokens: cacheCreation,
      cache_creation_5m_tokens: cacheCreation,
      cost_usd: cost,
      cost_usd_micros: Math.round(cost * 1e6),
      duration_ms: duration,
      ttft_ms: random.int(300, 2500),
      query_source: source,
    });
    const series = {
      model: model.name,
      query_source: sourceOfMetrics(source),
      ...(agent === mainLoop ? {} : { "agent.name": agent.values["agent.name"] ?? "" }),
    };
    const kind = agent === mainLoop ? "" : "+agent.name";
    process.count(`claude_code.cost.usage${kind}`, this.now, cost, series);
    for (const [type, count] of Object.entries({ input, output, cacheRead, cacheCreation })) {
      process.count(`claude_code.token.usage${kind}`, this.now, count, { ...series, type });
    }
  }

  /**
   * The tool runs and ends.
   *
   * @returns {Generator<Export>}
   */
  *toolResult(/** @type {Record<string, string>} */ use, /** @type {Agent} */ agent) {
    const { random, process } = this;
    const duration = Math.round(random.skewed(250, 1.6)) + 1;
    yield* this.pass(duration + 20);
    const failed = agent === mainLoop && random.chance(0.06);
    const how = this.interactive && agent === mainLoop && !failed ? "+decision_source" : "";
    process.log(`tool_result${agent.kind}${failed ? "+error_type" : how}`, this.now, {
      ...use,
      duration_ms: duration,
      tool_input_size_bytes: random.int(30, 2000),
      tool_result_size_bytes: Math.round(random.skewed(1500, 1.2)),
    });
    if (use["tool_name"] !== "Bash") return;
    if (random.chance(0.03)) process.count("claude_code.commit.count", this.now, 1);
    if (random.chance(0.005)) process.count("claude_code.pull_request.count", this.now, 1);
  }

  /**
   * A subagent with requests of its own.
   *
   * @returns {Generator<Export>}
   */
  *subagent() {
    const { random, process, context } = this;
    const name = random.pick(agentTypes);
    const run = { agent_id: `a${random.hex(16)}` };
    const agent = { kind: "+agent_id", values: { ...run, "agent.name": name } };
    const began = this.now;
    const uses = random.int(1, 7);
    this.context = random.int(8000, 16_000);
    for (let use = 0; use <= uses; use++) {
      const tool = use === uses ? undefined : random.pick(tools);
      yield* this.request(`agent:builtin:${name}`, agent, tool, tool === undefined);
    }
    process.log("subagent_completed+agent_id", this.now, {
      ...run,
      "prompt.id": this.prompt,
      agent_type: name,
      total_tokens: this.context,
      total_tool_uses: uses,
      duration_ms: Math.round(this.now - began),
      model: this.model.name,
      final_model: this.model.name,
    });
    this.context = context;
  }

  /**
   * A failed request that is tried again, or given up.
   *
   * @returns {Generator<Export>}
   */
  *failure() {
    const { random, process } = this;
    const duration = random.int(200, 30_000);
    yield* this.pass(duration);
    const attempt = random.int(1, 4);
    const failed = {
      "prompt.id": this.prompt,
      model: this.model.name,
      query_source: this.interactive ? "repl_main_thread" : "sdk",
    };
    const request_id = `req_011C${random.base62(20)}`;
    process.log("api_error", this.now, { ...failed, request_id, duration_ms: duration, attempt });
    if (!random.chance(0.1)) return;
    process.log("api_retries_exhausted", this.now + 1, {
      ...failed,
      total_attempts: attempt,
      total_retry_duration_ms: duration * attempt,
    });
  }

  /**
   * The conversation is summed up, which is a request too.
   *
   * @returns {Generator<Export>}
   */
  *compact() {
    const before = this.context;
    yield* this.request("compact", mainLoop, undefined, false);
    this.context = this.random.int(9000, 25_000);
    this.process.log("compaction", this.now, {
      "prompt.id": this.prompt,
      duration_ms: this.random.int(5000, 60_000),
      pre_tokens: before,
      post_tokens: this.context,
    });
  }

  /**
   * Time goes by, and what is due is exported.
   *
   * @returns {Generator<Export>}
   */
  *pass(/** @type {number} */ milliseconds) {
    this.now += milliseconds;
    yield* this.process.exportsUntil(this.now);
  }
}

/** @type {Agent} */
const mainLoop = { kind: "", values: {} };

/** Metrics have only three kinds of sources. */
function sourceOfMetrics(/** @type {string} */ source) {
  if (source === "compact") return "auxiliary";
  return source.startsWith("agent:") ? "subagent" : "main";
}
