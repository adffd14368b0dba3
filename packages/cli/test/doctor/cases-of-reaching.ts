import type { ProbeAnswer } from "../../src/doctor/facts.ts";
import type { Case } from "./case.ts";

const probes = (answer: ProbeAnswer, protocol = "http/protobuf", port = 4318) => [
  { url: `http://127.0.0.1:${port}`, protocol, answer },
];

/** What can be wrong on the way to a receiver. */
export const casesOfReaching: readonly Case[] = [
  [
    "nobody listens",
    { probes: probes({ kind: "refused" }) },
    "reachable",
    "failure",
    /nothing listens/,
    /^cctelemetry collect --background$/,
  ],
  [
    "nobody listens elsewhere",
    { probes: probes({ kind: "refused" }, "grpc", 5000) },
    "reachable",
    "failure",
    /nothing listens/,
    /--grpc-port 5000$/,
  ],
  ...(
    [
      ["http://localhost/v1/logs", "http/protobuf", "localhost:4318"],
      ["http://localhost:0/v1/logs", "http/protobuf", "localhost:4318"],
      ["http://127.0.0.1:443/v1/logs", "http/json", "127.0.0.1:4318"],
      ["http://127.0.0.1:4317/v1/logs", "http/json", "127.0.0.1:4318"],
      ["http://127.0.0.1:4318", "grpc", "127.0.0.1:4317"],
      ["http://localhost", "grpc", "localhost:4317"],
      ["http://127.0.0.2:24318/v1/logs", "http/json", "127.0.0.1:24318"],
      ["http://x.localhost:24318/v1/logs", "http/json", "127.0.0.1:24318"],
    ] as const
  ).map(
    ([url, protocol, meant]): Case => [
      `nobody can listen at ${url}`,
      { probes: [{ url, protocol, answer: { kind: "refused" } }] },
      "reachable",
      "failure",
      /nothing listens/,
      new RegExp(`^cctelemetry init --replace --endpoint http://${meant}$`),
    ],
  ),
  [
    "somebody keeps silent",
    { probes: probes({ kind: "silent" }) },
    "reachable",
    "failure",
    /does not answer/,
  ],
  [
    "another protocol",
    { probes: probes({ kind: "other-protocol", holder: "node (process 7)" }, "grpc") },
    "reachable",
    "failure",
    /node \(process 7\).*does not speak grpc/,
  ],
  [
    "the port is taken",
    { probes: probes({ kind: "status", status: 404, holder: "nginx (process 8)", isOurs: false }) },
    "reachable",
    "failure",
    /nginx \(process 8\).*no receiver/,
    /--port 14318/,
  ],
  [
    "a token is wanted",
    { probes: probes({ kind: "status", status: 401, holder: "r", isOurs: false }) },
    "reachable",
    "failure",
    /wants a token/,
    /--token-file/,
  ],
  [
    "a full disk behind it",
    { probes: probes({ kind: "status", status: 503, holder: "r", isOurs: true }) },
    "reachable",
    "failure",
    /cannot keep/,
    /collect status/,
  ],
  [
    "a Collector that is overloaded",
    {
      probes: probes({ kind: "status", status: 503, holder: "otelcol (process 9)", isOurs: false }),
    },
    "reachable",
    "failure",
    /otelcol \(process 9\) .* cannot accept telemetry now \(503\)/,
    /Look at the output of otelcol/,
  ],
  ...[400, 405, 500, 501].map(
    (status): Case => [
      `a web server that answers ${status}`,
      { probes: probes({ kind: "status", status, holder: "python3 (process 9)", isOurs: false }) },
      "reachable",
      "failure",
      new RegExp(`python3 .* is no receiver of telemetry \\(${status}\\)`),
      /init --replace --endpoint/,
    ],
  ),
  [
    "a path that our receiver has not",
    {
      probes: [
        {
          url: "http://localhost:24318/otlp/v1/logs",
          protocol: "http/protobuf",
          answer: { kind: "status", status: 404, holder: "cctelemetry collect", isOurs: true },
        },
      ],
    },
    "reachable",
    "failure",
    /collect answers at http:\/\/localhost:24318, but not at the path \/otlp\/v1\/logs/,
    /^cctelemetry init --replace --endpoint http:\/\/localhost:24318$/,
  ],
  [
    "a name that our receiver does not go by",
    {
      probes: [
        {
          url: "http://0.0.0.0:4318/v1/logs",
          protocol: "http/json",
          answer: { kind: "status", status: 403, holder: "cctelemetry collect", isOurs: true },
        },
      ],
    },
    "reachable",
    "failure",
    /does not go by the name 0\.0\.0\.0/,
    /http:\/\/127\.0\.0\.1:4318$/,
  ],
  [
    "https where nobody speaks TLS",
    {
      probes: [
        {
          url: "https://localhost:24318/v1/logs",
          protocol: "http/json",
          answer: { kind: "no-tls", holder: "cctelemetry collect (process 7)" },
        },
      ],
    },
    "reachable",
    "failure",
    /speaks no TLS/,
    /--endpoint http:\/\/localhost:24318$/,
  ],
  [
    "https where nobody listens",
    {
      probes: [
        {
          url: "https://localhost/v1/logs",
          protocol: "http/json",
          answer: { kind: "refused" },
        },
      ],
    },
    "reachable",
    "failure",
    /collect speaks no TLS/,
    /--endpoint http:\/\/localhost:4318$/,
  ],
  [
    "TLS of others",
    { probes: probes({ kind: "tls" }) },
    "reachable",
    "note",
    /speaks TLS: not tried/,
  ],
  [
    "the machine around a container",
    {
      probes: [
        {
          url: "http://host.docker.internal:4318/v1/logs",
          protocol: "http/json",
          answer: { kind: "not-tried" },
        },
      ],
    },
    "reachable",
    "note",
    /machine around a container/,
    /--allow-host host\.docker\.internal/,
  ],
  [
    "another machine",
    { probes: probes({ kind: "not-tried" }) },
    "reachable",
    "note",
    /another machine/,
  ],
  [
    "another error",
    { probes: probes({ kind: "failed", reason: "EHOSTUNREACH" }) },
    "reachable",
    "failure",
    /EHOSTUNREACH/,
  ],
];
