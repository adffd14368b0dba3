/** The schema of the live state, for who gets it from another process; it needs neither Node nor the engine. */
export { wireSessionSchema, wireStateSchema } from "./wire/schema.ts";
