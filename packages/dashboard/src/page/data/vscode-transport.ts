import type { Transport } from "./transport.ts";

declare global {
  /** Given to webviews by VS Code; may be called once. */
  function acquireVsCodeApi(): {
    postMessage(message: unknown): void;
  };
}

/** The way to the extension of the window that shows the page. */
export function vscodeTransport(): Transport {
  const api = acquireVsCodeApi();
  return {
    post: (message) => api.postMessage(message),
    listen: (receive) => {
      window.addEventListener("message", (event: MessageEvent<unknown>) => receive(event.data));
    },
  };
}
