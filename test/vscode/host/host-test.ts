import { appendFileSync } from "node:fs";

/** A test that runs inside the extension host; it fails by throwing. */
export interface HostTest {
  readonly name: string;
  readonly body: () => void | Promise<void>;
}

/** Hands a figure to the test outside. */
export function note(name: string, value: number): void {
  appendFileSync(process.env["HOST_TESTS_FIGURES"] ?? "", `${name}=${value.toFixed(1)}\n`);
}
