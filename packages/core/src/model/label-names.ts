import { recordTables } from "./columns.ts";

/** Attributes of a resource that Claude Code sends; those of records have columns. */
const ofResource: readonly string[] = [
  "service.name",
  "service.version",
  "host.name",
  "host.arch",
  "os.type",
  "os.version",
  "wsl.version",
];
const special: readonly string[] = ["event.name", "event.timestamp"];

const attributes: ReadonlyMap<string, string> = new Map(
  [
    ...ofResource,
    ...special,
    ...Object.values(recordTables).flatMap(({ columns }) =>
      columns.flatMap(({ attribute }) => (attribute === undefined ? [] : [attribute])),
    ),
  ].map((attribute) => [attribute.replaceAll(".", "_"), attribute]),
);
const resourceNames: ReadonlySet<string> = new Set(ofResource);

/** The attribute that a label without dots stands for: session.id for session_id; itself if unknown. */
export function attributeOfLabel(label: string): string {
  return attributes.get(label) ?? label;
}

/** Whether an attribute is one that Claude Code sends of its resource. */
export function isOfResource(attribute: string): boolean {
  return resourceNames.has(attribute);
}
