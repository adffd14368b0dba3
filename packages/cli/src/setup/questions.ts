import { KnownError } from "@cctelemetry/core/light";
import type { Content, Place } from "./ask.ts";
import { type InitOptions, namesTargets } from "./init-options.ts";
import type { SetupContext } from "./plan.ts";
import { shellOf } from "./shells.ts";

/** What the user chose where the command line said nothing. */
export interface Answers {
  readonly places: readonly Place[];
  readonly content: readonly Content[];
}

/**
 * Asks what the command line leaves open, where there is somebody to ask; `--yes` stands for the
 * settings. KnownError if it is open and nobody can be asked.
 */
export async function questions(
  options: InitOptions,
  asks: boolean,
  setup: SetupContext,
): Promise<Answers> {
  if (namesTargets(options) || options.print === true) return { places: [], content: [] };
  if (options.yes === true) return { places: ["settings"], content: [] };
  if (!asks) {
    throw new KnownError("bad-argument", "It is not known what to set up.", {
      hint: "Add --yes for Claude Code's settings.json; else --shell, --collector or --print.",
    });
  }
  const { askContent, askPlaces } = await import("./ask.ts");
  const places = await askPlaces(shellOrNone(setup));
  const sends = places.some((place) => place !== "collector");
  return { places, content: sends ? await askContent() : [] };
}

function shellOrNone({ env, platform }: SetupContext): string | undefined {
  try {
    return shellOf(env, platform);
  } catch {
    return undefined;
  }
}
