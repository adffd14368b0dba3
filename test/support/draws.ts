// Before every test file: where fast-check begins to draw.
import fc from "fast-check";
import { seed } from "../../packages/core/test/support/runs.ts";

fc.configureGlobal({ seed });
