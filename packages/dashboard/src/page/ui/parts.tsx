/** Small things that several views are made of. */
import type { ComponentChildren, VNode } from "preact";
import { useState } from "preact/hooks";
import type { ReportParameters } from "../../host/protocol.ts";
import type { Row, Sort } from "../data/rows.ts";
import type { Asked } from "./asked.ts";
import { useReport } from "./asked.ts";
import { usePage } from "./context.ts";
import { Button, Ring } from "./controls.tsx";
import { DataTable } from "./table.tsx";
import { TrustMark } from "./trust.tsx";

/** A view: the question it answers, and the answer. */
export function View(props: {
  readonly question: string;
  readonly beside?: ComponentChildren;
  readonly children: ComponentChildren;
}): VNode {
  return (
    <div class="view">
      <header class="view-head">
        <h1>{props.question}</h1>
        {props.beside}
        <span class="spring" />
        <TrustMark />
      </header>
      {props.children}
    </div>
  );
}

/** A part of a view under a heading. */
export function Part(props: {
  readonly heading: string;
  readonly children: ComponentChildren;
}): VNode {
  return (
    <section class="part">
      <h2>{props.heading}</h2>
      {props.children}
    </section>
  );
}

export interface Fact {
  readonly label: string;
  readonly text: string;
  /** The exact value. */
  readonly exact?: string | undefined;
  readonly isBad?: boolean;
}

/** Numbers in a row, each with what it counts. */
export function Facts({ facts }: { readonly facts: readonly Fact[] }): VNode {
  return (
    <dl class="facts">
      {facts.map(({ label, text, exact, isBad = false }) => (
        <div key={label} class={isBad ? "fact bad" : "fact"}>
          <dt>{label}</dt>
          <dd title={exact} data-exact={exact ?? text}>
            {text}
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** What is shown where nothing is: what to do next. */
export function Empty(props: {
  readonly text: string;
  readonly children?: ComponentChildren;
}): VNode {
  return (
    <div class="empty">
      <p>{props.text}</p>
      {props.children}
    </div>
  );
}

/** What stands in the place of an answer that is not there; undefined if there are rows. */
export function gapOf(asked: Asked, what: string): VNode | undefined {
  const { table, refusal } = asked;
  if (refusal !== undefined) {
    return (
      <div class="refusal" role="alert">
        <p>{refusal.message}</p>
        {refusal.hint !== undefined && <p class="quiet">{refusal.hint}</p>}
      </div>
    );
  }
  if (table === undefined) {
    return (
      <div class="waiting" role="status">
        <Ring /> <span class="aside">Loading {what}</span>
      </div>
    );
  }
  return table.rows.length === 0 ? <NothingThere what={what} /> : undefined;
}

function NothingThere({ what }: { readonly what: string }): VNode {
  const { change, client, state } = usePage();
  const isNarrowed =
    state.last !== null || state.since !== null || state.until !== null || isFiltered(state);
  const widen = () =>
    change({
      last: null,
      since: null,
      until: null,
      session: null,
      workflow: null,
      stage: null,
      model: null,
    });
  return (
    <Empty text={isNarrowed ? `There are no ${what} in this range.` : `There are no ${what} yet.`}>
      {isNarrowed ? (
        <Button onClick={widen}>Show all time, unfiltered</Button>
      ) : (
        <Button onClick={() => client.post({ kind: "command", command: "walkthrough" })}>
          Set up telemetry
        </Button>
      )}
    </Empty>
  );
}

function isFiltered(
  state: {
    readonly [name in "session" | "workflow" | "stage" | "model"]: string | null;
  },
): boolean {
  return [state.session, state.workflow, state.stage, state.model].some((each) => each !== null);
}

interface ReportPartProps {
  readonly name: string;
  readonly heading: string;
  readonly parameters?: ReportParameters;
  readonly onOpen?: (row: Row, asked: Asked) => void;
  readonly without?: readonly string[];
  readonly sort?: Sort;
}

/** A report as a table under a heading; nothing if there is no such report. */
export function ReportTable(props: ReportPartProps): VNode | null {
  const { name, heading, parameters = {}, onOpen, without = [] } = props;
  const asked = useReport(name, parameters);
  if (asked.isAbsent) return null;
  const gap = gapOf(asked, heading.toLowerCase());
  if (gap !== undefined || asked.table === undefined) return gap ?? null;
  return (
    <DataTable
      table={asked.table}
      caption={heading}
      isOld={asked.isOld}
      without={without}
      {...(props.sort === undefined ? {} : { sort: props.sort })}
      {...(onOpen === undefined ? {} : { onOpen: (row: Row) => onOpen(row, asked) })}
    />
  );
}

/** A report that is asked once it is opened. */
export function Drawer(props: ReportPartProps): VNode | null {
  const { reports } = usePage();
  const [isOpen, open] = useState(false);
  if (!reports.has(props.name)) return null;
  return (
    <details class="drawer" onToggle={(event) => open(event.currentTarget.open)}>
      <summary>{props.heading}</summary>
      {isOpen && <ReportTable {...props} />}
    </details>
  );
}
