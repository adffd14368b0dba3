/** A sample of a page in Prometheus' text format. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/**
 * Reads a page in Prometheus' text format as its specification has it. Throws for a line that is
 * none, a sample whose family was not declared, and a series that comes twice.
 */
export function samplesOf(page: string): readonly Sample[] {
  const declared = new Set<string>();
  const seen = new Set<string>();
  if (page !== "" && !page.endsWith("\n")) throw new Error("the last line has no end");
  return page.split("\n").flatMap((line) => {
    if (line === "") return [];
    const comment = /^# (HELP|TYPE) ([a-zA-Z_:][\w:]*) (.*)$/.exec(line);
    if (comment !== null) {
      if (comment[1] === "TYPE") declared.add(comment[2] ?? "");
      return [];
    }
    const sample = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/s.exec(line);
    if (sample === null) throw new Error(`no sample: ${line}`);
    const [, name = "", labels = "", value = ""] = sample;
    if (!declared.has(name)) throw new Error(`not declared: ${name}`);
    const found = labelsOf(labels);
    const key = JSON.stringify([name, Object.entries(found).sort()]);
    if (seen.has(key)) throw new Error(`twice: ${line}`);
    seen.add(key);
    return [{ name, labels: found, value: Number(value) }];
  });
}

/** The sum of a family's samples that have these labels. */
export function total(
  samples: readonly Sample[],
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number {
  return samples
    .filter(
      (sample) =>
        sample.name === name &&
        Object.entries(labels).every(([label, value]) => (sample.labels[label] ?? "") === value),
    )
    .reduce((sum, { value }) => sum + value, 0);
}

function labelsOf(text: string): Readonly<Record<string, string>> {
  const labels: Record<string, string> = {};
  let rest = text;
  while (rest !== "") {
    const label = /^([a-zA-Z_]\w*)="((?:[^"\\\n]|\\[\\n"])*)"(?:,|$)/s.exec(rest);
    if (label === null) throw new Error(`no label: ${rest}`);
    const [whole, name = "", value = ""] = label;
    labels[name] = value.replace(/\\(.)/gs, (_all, character: string) =>
      character === "n" ? "\n" : character,
    );
    rest = rest.slice(whole.length);
  }
  return labels;
}
