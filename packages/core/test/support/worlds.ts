import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { expect } from "vitest";

/** What was found of a drawn world, and what should be. */
export interface Outcome {
  readonly found: unknown;
  readonly expected: unknown;
}

/** How many failing worlds are checked by themselves, and how long a smaller one is looked for. */
const MOST_ALONE = 10;
const SHRINKING_MS = 60_000;

/** Which worlds are drawn, and how many of them share a database. */
export interface Draws {
  readonly seed: number;
  readonly numRuns: number;
  readonly atOnce: number;
}

/**
 * Checks drawn worlds, many of them at once, since a database takes far longer to make than they do:
 * `outcomes` gives one for each world, which must not meet the others. The first of each group is
 * checked by itself, too. So is one that fails, which names its seed and the smallest that fails.
 */
export async function holdsInEach<World>(
  world: fc.Arbitrary<World>,
  { seed, numRuns, atOnce }: Draws,
  outcomes: (worlds: readonly World[]) => Promise<readonly Outcome[]>,
): Promise<void> {
  const alone = fc.asyncProperty(world, async (one) => {
    for (const { found, expected } of await outcomes([one])) expect(found).toEqual(expected);
  });
  for (let done = 0; done < numRuns; done += atOnce) {
    const drawn = { seed: seed + done / atOnce, numRuns: Math.min(atOnce, numRuns - done) };
    await fc.assert(alone, { ...drawn, numRuns: 1, interruptAfterTimeLimit: SHRINKING_MS });
    const worlds = fc.sample(world, drawn);
    const failed = (await outcomes(worlds)).flatMap((outcome, at) =>
      isDeepStrictEqual(outcome.found, outcome.expected) ? [] : [{ at, ...outcome }],
    );
    for (const { at } of failed.slice(0, MOST_ALONE)) {
      const again = { seed: drawn.seed, path: String(at), numRuns: 1 };
      await fc.assert(alone, { ...again, interruptAfterTimeLimit: SHRINKING_MS });
    }
    expect(failed, `worlds of seed ${drawn.seed} fail only beside others`).toEqual([]);
  }
}
