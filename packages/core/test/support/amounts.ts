import fc from "fast-check";

/** What a request cost, by the attributes that say so: in USD, in millionths, or not at all. */
type Cost = Readonly<Record<string, number | string>>;

/** Amounts in USD, from nothing to 100,000. */
export const usd: fc.Arbitrary<number> = fc.constantFrom(
  0,
  0.01,
  0.012345,
  0.99,
  1,
  1.25,
  999.99,
  100_000,
  99_999.999999999,
);

/** Costs from nothing to 100,000 USD a request, as numbers and as texts, and those that nobody sent. */
export const cost: fc.Arbitrary<Cost> = fc.oneof(
  { weight: 6, arbitrary: usd.map((cost_usd) => ({ cost_usd })) },
  { weight: 1, arbitrary: usd.map((amount) => ({ cost_usd: String(amount) })) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom(0, 77, 1_000_000, 100_000_000_000)
      .map((cost_usd_micros) => ({ cost_usd_micros })),
  },
  { weight: 2, arbitrary: fc.constant({}) },
);

/** Numbers of tokens up to the greatest that 64 bits hold: as integers, doubles and texts. */
export const tokens: fc.Arbitrary<number | bigint | string> = fc.oneof(
  { weight: 4, arbitrary: fc.nat(1000) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom(0n, 2n ** 31n, 2n ** 53n - 1n, 2n ** 53n, 2n ** 53n + 1n, 2n ** 63n - 1n)
      .chain((count) => fc.constantFrom<bigint | string>(count, String(count))),
  },
);
