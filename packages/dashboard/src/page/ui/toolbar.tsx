import type { VNode } from "preact";
import { type FilterName, filterNames, filterText, ranges, readFilter } from "../data/state.ts";
import { usePage } from "./context.ts";
import { IconButton, Select, TextField } from "./controls.tsx";

const OWN_RANGE = "own";
const ALL = "all";

/** Range of time and filter, which all views have in common. */
export function Toolbar(): VNode {
  const { state, change, say } = usePage();
  const isOwn = state.since !== null || state.until !== null;
  const value = isOwn ? OWN_RANGE : (state.last ?? ALL);
  const choose = (chosen: string) => {
    if (chosen === OWN_RANGE) change({ last: null, since: "yesterday", until: "today" });
    else change({ last: chosen === ALL ? null : chosen, since: null, until: null });
  };
  const apply = (text: string) => {
    const { filter, unknown } = readFilter(text);
    change(filter);
    if (unknown !== "")
      say(`Not understood: ${unknown}. Write workflow:, stage:, session: or model:.`);
  };
  return (
    <div class="toolbar">
      <Select
        label="Range of time"
        value={value}
        choices={[
          ...ranges.map(({ last, label }) => ({ value: last ?? ALL, label })),
          { value: OWN_RANGE, label: "from … to …" },
        ]}
        onChoose={choose}
      />
      {isOwn && <OwnRange />}
      <TextField
        label="Filter by workflow:, stage:, session: or model:"
        placeholder="workflow: stage: model:"
        class="filter"
        value={filterText(state)}
        onDone={apply}
      />
    </div>
  );
}

function OwnRange(): VNode {
  const { state, change } = usePage();
  const orNull = (text: string) => (text.trim() === "" ? null : text.trim());
  return (
    <>
      <TextField
        label="From"
        placeholder="2026-11-01"
        class="time"
        value={state.since ?? ""}
        onDone={(text) => change({ since: orNull(text) })}
      />
      <TextField
        label="To"
        placeholder="today"
        class="time"
        value={state.until ?? ""}
        onDone={(text) => change({ until: orNull(text) })}
      />
    </>
  );
}

/** What is filtered by at the moment, each with how to be rid of it. */
export function Chips(): VNode | null {
  const { state, change } = usePage();
  const active = filterNames.filter((name) => state[name] !== null);
  if (active.length === 0) return null;
  const drop = (name: FilterName) => change({ [name]: null });
  return (
    <ul class="chips" aria-label="Filters">
      {active.map((name) => (
        <li key={name} class="chip">
          {name}: {state[name]}
          <IconButton icon="close" label={`Remove the filter ${name}`} onClick={() => drop(name)} />
        </li>
      ))}
    </ul>
  );
}
