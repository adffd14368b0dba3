import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { usePage } from "../ui/context.ts";
import type { SqlEditor } from "./sql-editor.ts";

interface FieldProps {
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly onRun: (text: string) => void;
}

/** The editor, loaded when it is first seen; a plain text field until then. */
export function SqlField({ text, onText, onRun }: FieldProps): VNode {
  const { client } = usePage();
  const place = useRef<HTMLDivElement>(null);
  const editor = useRef<SqlEditor | undefined>(undefined);
  const [isLoaded, setLoaded] = useState(false);
  const calls = useRef({ onText, onRun });
  calls.current = { onText, onRun };
  // Texts that were typed and have not come back yet: they must not overwrite what was typed since.
  const typed = useRef(new Set<string>());
  useEffect(() => {
    const stop = new AbortController();
    import("./sql-editor.ts").then(
      ({ createEditor }) => {
        if (stop.signal.aborted || place.current === null) return;
        const made = createEditor(place.current, text, {
          onText: (changed) => {
            typed.current.add(changed);
            calls.current.onText(changed);
          },
          onRun: (whole) => calls.current.onRun(whole),
        });
        editor.current = made;
        setLoaded(true);
        client.schema(stop.signal).then(made.setSchema, () => made.setSchema([]));
      },
      () => setLoaded(false),
    );
    return () => {
      stop.abort();
      editor.current?.destroy();
      editor.current = undefined;
    };
    // The editor lives as long as the view; later texts are set below.
  }, [client]);
  useEffect(() => {
    const isTyped = typed.current.has(text);
    if (!isTyped || editor.current?.text() === text) typed.current.clear();
    if (!isTyped) editor.current?.setText(text);
  }, [text]);
  return (
    <div class="editor-box">
      <div ref={place} class="editor" />
      {!isLoaded && (
        <textarea
          class="plain-editor"
          aria-label="SQL"
          value={text}
          onInput={(event) => onText(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) onRun(text);
          }}
        />
      )}
    </div>
  );
}
