import type { VNode } from "preact";
import type { TableMessage } from "../../host/protocol.ts";
import { tableText } from "../data/cells.ts";
import { usePage } from "./context.ts";
import { IconButton, LinkButton } from "./controls.tsx";

interface ExportsProps {
  readonly table: Pick<TableMessage, "columns" | "rows">;
  /** What the rows are; names the file, too. */
  readonly name: string;
}

/** Copy and export of the rows that are shown. */
export function Exports({ table, name }: ExportsProps): VNode {
  const { client, timeZone, say } = usePage();
  const copy = () => {
    client.post({ kind: "copy", text: tableText("markdown", table, timeZone, name) });
    say("Copied as Markdown.");
  };
  const save = (format: "csv" | "json") => {
    const text = tableText(format, table, timeZone, name);
    client.post({ kind: "save", name: `${fileName(name)}.${format}`, text });
  };
  return (
    <span class="exports">
      <IconButton icon="copy" label={`Copy ${name} as Markdown`} onClick={copy} />
      <LinkButton title={`Save ${name} as CSV`} onClick={() => save("csv")}>
        CSV
      </LinkButton>
      <LinkButton title={`Save ${name} as JSON`} onClick={() => save("json")}>
        JSON
      </LinkButton>
    </span>
  );
}

function fileName(text: string): string {
  const plain = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
  return plain === "" ? "table" : plain.slice(0, 60);
}
