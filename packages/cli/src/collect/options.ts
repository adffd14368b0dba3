import { resolve } from "node:path";
import { type MetricNameStyle, metricNameStyles, receivedFile } from "@cctelemetry/core/light";
import type { Durability, ReceiverOptions } from "@cctelemetry/receiver";
import { type Command, InvalidArgumentError, Option } from "commander";
import { type CommonOptions, type DatabaseOptions, wholeNumber, withDatabase } from "../options.ts";
import type { DefaultPlaces, Environment } from "../process/context.ts";
import { destination, type ForwardOptions, HEADERS_VARIABLE } from "./destination.ts";
import { readToken, TOKEN_VARIABLE } from "./private-file.ts";

/** Options of `cctelemetry collect`. */
export interface CollectOptions extends CommonOptions, DatabaseOptions, ForwardOptions {
  readonly port: number | "off";
  readonly grpcPort: number | "off";
  readonly listen?: string;
  readonly tokenFile?: string;
  readonly output?: string;
  readonly rotateMb: number;
  readonly maxBodyMb: number;
  readonly durability: Durability;
  readonly allowHost?: readonly string[];
  /** The port of the page of metrics; undefined for none. */
  readonly metrics?: number;
  readonly metricsNames: readonly MetricNameStyle[];
  readonly metricsDays: number;
  readonly metricsSessions?: boolean;
  readonly background?: boolean;
  readonly selfTest?: boolean;
  readonly json?: boolean;
}

/** A hundred years. */
const MOST_DAYS = 36_525;
const MEBIBYTE = 1024 * 1024;
/** A body of more could not become one string. */
const MOST_MEBIBYTES = 256;
/** Beside 9464, where Claude Code's own Prometheus exporter listens. */
const METRICS_PORT = 9465;

/** Adds the choice of the file, which `stop` and `status` know, too. */
export function withOutput(command: Command): Command {
  return command.addOption(
    new Option(
      "-o, --output <file>",
      "the file that is written (default: otlp/claude-code.jsonl in your data folder)",
    ),
  );
}

/** Adds all other options of a receiver. */
export function withReceiver(command: Command): Command {
  const durabilities: readonly Durability[] = ["fsync", "flush", "none"];
  return command
    .addOption(portOption("--port <number>", "port of OTLP/HTTP", 4318))
    .addOption(portOption("--grpc-port <number>", "port of OTLP/gRPC", 4317))
    .option("--listen <address>", "the address to listen on (default: this machine only)")
    .option("--token-file <file>", `a file with the token senders need (or ${TOKEN_VARIABLE})`)
    .option("--allow-host <name...>", "other names by which senders may call this machine")
    .option("--forward <url>", "send everything on to another OTLP/HTTP receiver, at least once")
    .option(
      "--forward-headers <file>",
      `a file with headers for it, a "Name: value" a line (or ${HEADERS_VARIABLE})`,
    )
    .addOption(
      new Option("--durability <word>", "answer when the line is on disk, written, or accepted")
        .choices(durabilities)
        .default("fsync"),
    )
    .addOption(
      new Option("--rotate-mb <number>", "begin a new file at this size; 0 never")
        .argParser(wholeNumber)
        .default(100),
    )
    .addOption(
      new Option("--max-body-mb <number>", "refuse larger requests")
        .argParser(bodySize)
        .default(64),
    );
}

/** Adds the page of metrics for Prometheus. */
export function withMetrics(command: Command): Command {
  command
    .addOption(
      new Option("--metrics [port]", "store what comes, and serve metrics for Prometheus")
        .argParser(pagePort)
        .preset(String(METRICS_PORT)),
    )
    .addOption(
      new Option("--metrics-names <style...>", "whose names Claude Code's metrics have")
        .choices(metricNameStyles)
        .default(["plain"], "plain"),
    )
    .addOption(
      new Option("--metrics-days <number>", "leave out a series without a record for so long")
        .argParser(daysKept)
        .default(30),
    )
    .addOption(new Option("--metrics-sessions", "add the label session_id"));
  return withDatabase(command);
}

/** Where a receiver writes. */
export function outputPath(options: { readonly output?: string }, context: DefaultPlaces): string {
  return resolve(options.output ?? receivedFile(context.places));
}

/** The options of the receiver. */
export async function receiverOptions(
  options: CollectOptions,
  context: Environment & DefaultPlaces,
): Promise<ReceiverOptions> {
  return {
    output: outputPath(options, context),
    httpPort: options.port === "off" ? undefined : options.port,
    grpcPort: options.grpcPort === "off" ? undefined : options.grpcPort,
    listen: options.listen,
    token: await readToken(options.tokenFile, context.env),
    allowedHosts: options.allowHost ?? [],
    durability: options.durability,
    rotateBytes: options.rotateMb * MEBIBYTE,
    maxBodyBytes: options.maxBodyMb * MEBIBYTE,
    forward: await destination(options, context.env),
  };
}

function portOption(flags: string, text: string, usual: number): Option {
  return new Option(flags, `${text}; 0: any free port; off: none`)
    .argParser(portNumber)
    .default(usual);
}

function portNumber(text: string): number | "off" {
  return text === "off" ? text : pagePort(text);
}

function pagePort(text: string): number {
  const port = wholeNumber(text);
  if (port > 65_535) throw new InvalidArgumentError("It is not a port.");
  return port;
}

function daysKept(text: string): number {
  const days = wholeNumber(text);
  if (days >= 1 && days <= MOST_DAYS) return days;
  throw new InvalidArgumentError(`It is not between 1 and ${MOST_DAYS}.`);
}

function bodySize(text: string): number {
  const size = wholeNumber(text);
  if (size >= 1 && size <= MOST_MEBIBYTES) return size;
  throw new InvalidArgumentError(`It is not between 1 and ${MOST_MEBIBYTES}.`);
}
