import type { EventEmitter } from "node:events";

/** How large a terminal is, in characters. */
export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** A terminal that a program draws on. What listens is called off by the function given back. */
export interface Terminal {
  /** How large it is now. */
  readonly size: () => TerminalSize;
  readonly onResize: (listener: () => void) => () => void;
  /** Gives what is typed, unechoed and at once; Ctrl-C and Ctrl-Z come as characters, too. */
  readonly onKeys: (listener: (keys: string) => void) => () => void;
  /** Writes a text should the process end, however it does. */
  readonly writeAtExit: (text: string) => () => void;
  /** Hands the terminal to the shell, as Ctrl-Z does; resolves when the user comes back. */
  readonly suspend: () => Promise<void>;
}

/** The terminal of this process; its standard output is one. */
export function processTerminal(): Terminal {
  const { stdin, stdout } = process;
  return {
    // A terminal that does not know its size says 0.
    size: () => ({ columns: stdout.columns || 80, rows: stdout.rows || 24 }),
    onResize: (listener) => listen(stdout, "resize", listener),
    onKeys: (listener) => {
      if (!stdin.isTTY) return () => undefined;
      stdin.setRawMode(true).setEncoding("utf8");
      const unregister = listen(stdin, "data", listener);
      stdin.resume();
      return () => {
        unregister();
        stdin.setRawMode(false).pause();
      };
    },
    writeAtExit: (text) => listen(process, "exit", () => stdout.write(text)),
    suspend: () =>
      new Promise((resumed) => {
        if (process.platform === "win32") {
          resumed();
          return;
        }
        process.once("SIGCONT", resumed);
        process.kill(process.pid, "SIGTSTP");
      }),
  };
}

function listen(from: EventEmitter, event: string, listener: (text: string) => void): () => void {
  from.on(event, listener);
  return () => void from.off(event, listener);
}
