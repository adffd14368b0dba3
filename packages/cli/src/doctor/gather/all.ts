import { existsSync } from "node:fs";
import { hostname } from "node:os";
import type { Clock, DefaultPlaces, Environment, Home, Outputs } from "../../process/context.ts";
import { type ClaudeInput, claudeFolder } from "../../setup/claude-places.ts";
import type { DoctorFacts } from "../facts.ts";
import { findClaude, lastTranscript } from "./claude.ts";
import { gatherFolder } from "./folder.ts";
import { probeAll } from "./probe.ts";
import { gatherSettings } from "./settings.ts";
import { gatherStore } from "./store.ts";

/** What the facts are gathered with. */
type GatherContext = Outputs & Environment & Home & DefaultPlaces & Clock;

/** Everything the checks look at. Nothing is changed, and nobody asked but this machine. */
export async function gather(databasePath: string, context: GatherContext): Promise<DoctorFacts> {
  const { env, home, places } = context;
  const { platform } = process;
  const input = { env, platform, home: existsSync(home) ? home : undefined };
  const settings = await gatherSettings(input, process.cwd());
  const now = context.now();
  const own = hostname();
  const [claude, transcript, probes, folder, store] = await Promise.all([
    findClaude(env, platform),
    transcriptOf(input),
    probeAll({ env, settings, hostname: own }),
    gatherFolder(places.telemetryFolder),
    gatherStore(databasePath, now, context),
  ]);
  return {
    now,
    platform,
    hostname: own,
    env,
    settings,
    claude,
    lastTranscript: transcript,
    probes,
    folder,
    store,
  };
}

function transcriptOf(input: ClaudeInput): Promise<number | undefined> {
  const has = input.home !== undefined || (input.env["CLAUDE_CONFIG_DIR"] ?? "") !== "";
  return has ? lastTranscript(claudeFolder(input)) : Promise.resolve(undefined);
}
