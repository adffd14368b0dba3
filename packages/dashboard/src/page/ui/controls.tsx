/** The controls of VS Code, as components. */
import "@vscode-elements/elements/dist/vscode-button/index.js";
import "@vscode-elements/elements/dist/vscode-option/index.js";
import "@vscode-elements/elements/dist/vscode-progress-ring/index.js";
import "@vscode-elements/elements/dist/vscode-single-select/index.js";
import "@vscode-elements/elements/dist/vscode-tab-header/index.js";
import "@vscode-elements/elements/dist/vscode-tab-panel/index.js";
import "@vscode-elements/elements/dist/vscode-tabs/index.js";
import "@vscode-elements/elements/dist/vscode-textfield/index.js";
import { type ComponentChildren, h, type VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { useNarrow } from "./narrow.ts";

/** A codicon beside a text that says the same. */
export function Icon({ name }: { readonly name: IconName }): VNode {
  return <span class={`codicon codicon-${name}`} aria-hidden="true" />;
}

export type IconName =
  | "arrow-left"
  | "check"
  | "close"
  | "copy"
  | "error"
  | "export"
  | "info"
  | "pin"
  | "pinned"
  | "play"
  | "pulse"
  | "warning";

interface ButtonProps {
  readonly onClick: () => void;
  readonly children: ComponentChildren;
  readonly secondary?: boolean;
  readonly disabled?: boolean;
}

export function Button({
  onClick,
  children,
  secondary = false,
  disabled = false,
}: ButtonProps): VNode {
  return element("vscode-button", { onClick, secondary, disabled }, children);
}

/** A small button that is a picture; its label is read aloud and shown on hover. */
export function IconButton(props: {
  readonly icon: IconName;
  readonly label: string;
  readonly onClick: () => void;
  readonly pressed?: boolean;
}): VNode {
  const { icon, label, onClick, pressed } = props;
  return (
    <button
      type="button"
      class="icon-button"
      aria-label={label}
      aria-pressed={pressed}
      title={label}
      onClick={onClick}
    >
      <Icon name={icon} />
    </button>
  );
}

/** Text that opens something. */
export function LinkButton(props: {
  readonly onClick: () => void;
  readonly children: ComponentChildren;
  readonly title?: string;
}): VNode {
  return (
    <button type="button" class="link" onClick={props.onClick} title={props.title}>
      {props.children}
    </button>
  );
}

interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly placeholder?: string;
  /** Called with the text after each key, or once it is complete. */
  readonly onInput?: (value: string) => void;
  readonly onDone?: (value: string) => void;
  readonly class?: string;
}

export function TextField(props: TextFieldProps): VNode {
  const { label, value, placeholder = "", onInput, onDone } = props;
  return element("vscode-textfield", {
    label,
    value,
    placeholder,
    class: props.class,
    onInput: (event: Event) => onInput?.(valueIn(event)),
    onChange: (event: Event) => onDone?.(valueIn(event)),
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key === "Enter") onDone?.(valueIn(event));
    },
  });
}

export interface Choice {
  readonly value: string;
  readonly label: string;
}

interface SelectProps {
  readonly label: string;
  readonly value: string;
  readonly choices: readonly Choice[];
  readonly onChoose: (value: string) => void;
}

export function Select({ label, value, choices, onChoose }: SelectProps): VNode {
  const select = useRef<HTMLElement & { value: string }>(null);
  useEffect(() => {
    if (select.current !== null && select.current.value !== value) select.current.value = value;
  });
  return element(
    "vscode-single-select",
    {
      ref: select,
      label,
      class: "select",
      onChange: (event: Event) => onChoose(valueIn(event)),
    },
    choices.map((choice) =>
      h(
        "vscode-option",
        { key: choice.value, value: choice.value, selected: choice.value === value },
        choice.label,
      ),
    ),
  );
}

/** Shown while something takes its time. */
export function Ring(): VNode {
  return element("vscode-progress-ring", { class: "ring" });
}

interface TabsProps<Name extends string> {
  readonly tabs: readonly { readonly name: Name; readonly label: string }[];
  readonly chosen: Name;
  readonly onChoose: (name: Name) => void;
  readonly addons: ComponentChildren;
  /** The panel of the tab that is chosen; the others stay empty. */
  readonly children: ComponentChildren;
}

export function Tabs<Name extends string>(props: TabsProps<Name>): VNode {
  const { tabs, chosen, onChoose, addons, children } = props;
  const onSelect = (event: CustomEvent<{ selectedIndex: number }>) => {
    const tab = tabs[event.detail.selectedIndex];
    if (tab !== undefined && tab.name !== chosen) onChoose(tab.name);
  };
  const isNarrow = useNarrow();
  const panel = (
    <>
      {isNarrow && <div class="addons narrow">{addons}</div>}
      {children}
    </>
  );
  const selectedIndex = tabs.findIndex(({ name }) => name === chosen);
  return element("vscode-tabs", { selectedIndex, class: "tabs", "onvsc-tabs-select": onSelect }, [
    ...tabs.map(({ name, label }) =>
      h("vscode-tab-header", { key: `head-${name}`, slot: "header", "data-tab": name }, label),
    ),
    isNarrow ? null : (
      <div key="addons" slot="addons" class="addons">
        {addons}
      </div>
    ),
    ...tabs.map(({ name }) =>
      h("vscode-tab-panel", { key: `panel-${name}` }, name === chosen ? panel : null),
    ),
  ]);
}

/** A custom element; how it looks and behaves is its own. */
function element(
  tag: string,
  properties: Readonly<Record<string, unknown>>,
  children?: ComponentChildren,
): VNode {
  return <>{h(tag, properties, children)}</>;
}

function valueIn(event: Event): string {
  const { currentTarget } = event;
  if (currentTarget === null || !("value" in currentTarget)) return "";
  return String(currentTarget.value);
}
