// Makes the Nth call to the file system fail, for tests: node --import fail-io.mjs …
// FAIL_IO = {"nth": 3, "code": "EIO", "within": "/folder", "count": "/file"}: of all calls that
// concern a path below `within`, the nth fails with the code; with "SHORT", the nth or the first
// read after it gives one byte only. At its end the process writes how many calls there were.
import fs, { writeFileSync } from "node:fs";
import { createRequire, syncBuiltinESMExports } from "node:module";
import { resolve } from "node:path";

const originalWrite = writeFileSync;
const { nth, code, within, count } = JSON.parse(process.env["FAIL_IO"] ?? "{}");
const promises = createRequire(import.meta.url)("node:fs/promises");

/** Calls that take a path first. */
const byPath = ["open", "stat", "lstat", "readdir", "realpath", "access", "readlink", "readFile"];
/** Calls that take a descriptor first. */
const byDescriptor = ["read", "fstat"];

let calls = 0;
let owed = false;
const descriptors = new Set();

/** True for the call whose turn it is to fail. */
function due(/** @type {string} */ name) {
  calls++;
  if (calls === nth) owed = true;
  if (!owed || (code === "SHORT" && name !== "read")) return false;
  owed = false;
  return true;
}

function isWithin(/** @type {unknown} */ path) {
  return (
    (typeof path === "string" || path instanceof URL) && resolve(String(path)).startsWith(within)
  );
}

function failure(/** @type {string} */ name) {
  return Object.assign(new Error(`${code}: injected, ${name}`), { code, syscall: name, errno: -5 });
}

/** @typedef {(...args: any[]) => any} Call */

/** Wraps one function of a module; `kind` says how it gives its result. */
function wrap(
  /** @type {Record<string, Call>} */ module,
  /** @type {string} */ name,
  /** @type {"sync" | "callback" | "promise"} */ kind,
  /** @type {"path" | "descriptor"} */ first,
) {
  const key = kind === "sync" ? `${name}Sync` : name;
  const original = module[key];
  if (original === undefined) return;
  const wrapped = /** @type {Call} */ (
    (...args) => {
      const ours = first === "path" ? isWithin(args[0]) : descriptors.has(args[0]);
      if (!ours) return original(...args);
      if (due(name)) return fail(kind, name, original, args);
      if (name !== "open") return original(...args);
      if (kind === "sync") return known(original(...args));
      if (kind === "promise") return original(...args).then(tracked);
      const callback = args.pop();
      return original(...args, (/** @type {any} */ error, /** @type {number} */ descriptor) => {
        if (error === null) known(descriptor);
        callback(error, descriptor);
      });
    }
  );
  module[key] = Object.assign(wrapped, original);
}

function fail(
  /** @type {string} */ kind,
  /** @type {string} */ name,
  /** @type {Call} */ original,
  /** @type {any[]} */ args,
) {
  if (code === "SHORT") return original(...shortened(args));
  const error = failure(name);
  if (kind === "sync") throw error;
  if (kind === "promise") return Promise.reject(error);
  process.nextTick(args[args.length - 1], error);
  return undefined;
}

/** The arguments of a read that asks for one byte: (descriptor, buffer, offset, length, …). */
function shortened(/** @type {any[]} */ args) {
  if (typeof args[3] === "number") return [...args.slice(0, 3), 1, ...args.slice(4)];
  if (typeof args[2] === "object")
    return [args[0], args[1], { ...args[2], length: 1 }, ...args.slice(3)];
  return args;
}

function known(/** @type {number} */ descriptor) {
  descriptors.add(descriptor);
  return descriptor;
}

/** Reads and stats of a file handle count, too. */
function tracked(/** @type {any} */ handle) {
  for (const name of ["read", "stat"]) {
    const original = handle[name].bind(handle);
    handle[name] = (/** @type {any[]} */ ...args) => {
      if (!due(name)) return original(...args);
      if (code !== "SHORT") return Promise.reject(failure(name));
      return original(...shortened([handle.fd, ...args]).slice(1));
    };
  }
  return handle;
}

for (const name of byPath) {
  wrap(/** @type {any} */ (fs), name, "sync", "path");
  wrap(/** @type {any} */ (fs), name, "callback", "path");
  wrap(promises, name, "promise", "path");
}
for (const name of byDescriptor) {
  wrap(/** @type {any} */ (fs), name, "sync", "descriptor");
  wrap(/** @type {any} */ (fs), name, "callback", "descriptor");
}
syncBuiltinESMExports();
process.on("exit", () => originalWrite(count, String(calls)));
