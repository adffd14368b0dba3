import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { TableFooter } from "../../host/protocol.ts";
import { useReport } from "./asked.ts";
import { usePage } from "./context.ts";
import { Icon } from "./controls.tsx";
import { DataTable } from "./table.tsx";

/** Whether the numbers of the range can be trusted, in one word; the whole answer on demand. */
export function TrustMark(): VNode | null {
  const { reports } = usePage();
  const { table } = useReport("coverage");
  const [isOpen, open] = useState(false);
  if (!reports.has("coverage") || table?.footer === undefined || table.footer === null) return null;
  const doubts = doubtsOf(table.footer);
  const isSound = doubts.length === 0;
  return (
    <div class="trust">
      <button
        type="button"
        class={isSound ? "trust-mark sound" : "trust-mark"}
        aria-expanded={isOpen}
        onClick={() => open(!isOpen)}
      >
        <Icon name={isSound ? "check" : "info"} />
        {isSound ? "numbers agree" : (doubts[0] ?? "")}
      </button>
      {isOpen && (
        <section class="trust-panel" aria-label="Can I trust these numbers?">
          <h2>Can I trust these numbers?</h2>
          <p>{isSound ? soundText(table.footer) : `${doubts.join("; ")}.`}</p>
          <DataTable table={table} caption="Coverage" />
        </section>
      )}
    </div>
  );
}

/** What speaks against the numbers of a range; empty if nothing does. */
function doubtsOf({ sessions, agreeing, rejectedLines }: TableFooter): readonly string[] {
  const differing = sessions - agreeing;
  return [
    ...(differing > 0 ? [`${differing} of ${sessions} sessions differ`] : []),
    ...(rejectedLines > 0
      ? [rejectedLines === 1 ? "1 line rejected" : `${rejectedLines} lines rejected`]
      : []),
  ];
}

function soundText({ sessions }: TableFooter): string {
  return sessions === 0
    ? "There is no usage in this range."
    : `Events and metrics agree in all ${sessions} sessions, and no line was rejected.`;
}
