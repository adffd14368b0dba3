/** Tokens of one answer. */
export interface Usage {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  /** Written into the cache for five minutes. */
  readonly cacheWrite: number;
  /** Written into the cache for an hour. */
  readonly cacheWriteLong: number;
}

/** The same tokens as the API writes them. */
export function wireUsage(usage: Usage): Readonly<Record<string, unknown>> {
  return {
    input_tokens: usage.input,
    output_tokens: usage.output,
    cache_read_input_tokens: usage.cacheRead,
    cache_creation_input_tokens: usage.cacheWrite + usage.cacheWriteLong,
    cache_creation: {
      ephemeral_5m_input_tokens: usage.cacheWrite,
      ephemeral_1h_input_tokens: usage.cacheWriteLong,
    },
    service_tier: "standard",
  };
}

/**
 * Tokens of the answer with this number, at this step of its conversation. Each answer has its own
 * number, so that no two can be confused. Every second step writes into the cache for an hour, so
 * that each conversation of two steps has such an answer, whatever runs at the same time.
 */
export function usageOf(answer: number, step: number): Usage {
  return {
    input: 10 + answer * 3,
    output: 50 + answer * 17,
    cacheRead: 12_000 + answer * 101,
    cacheWrite: 900 + answer * 13,
    cacheWriteLong: step % 2 === 1 ? 700 + answer * 11 : 0,
  };
}

/**
 * List prices in US dollars for a million tokens of input, output and cache reads, as published
 * for the prompts of these tests (less than 100,000 tokens).
 */
const prices: Readonly<Record<string, readonly [number, number, number]>> = {
  "claude-opus-5-5": [4, 20, 0.2],
  "claude-sonnet-5-5": [2, 10, 0.1],
  "claude-haiku-5-5": [0.1, 0.5, 0.01],
  "claude-haiku-4-5-20251001": [1, 5, 0.1],
  "claude-opus-4-5-20251101": [5, 25, 0.5],
  "claude-sonnet-4-5-20250929": [3, 15, 0.3],
};

/** What the tokens cost at list price, in billionths of a US dollar; a whole number. */
export function listCost(model: string, usage: Usage): number {
  const price = prices[model];
  if (price === undefined) throw new Error(`${model} has no price here`);
  const [input, output, cacheRead] = price;
  const dollarsByMillion =
    usage.input * input +
    usage.output * output +
    usage.cacheRead * cacheRead +
    usage.cacheWrite * input * 1.25 +
    usage.cacheWriteLong * input * 2;
  return Math.round(dollarsByMillion * 1000);
}
