/** A JSON value out of events: open, key, scalar, close. */
export interface ValueBuilder {
  open(container: "object" | "array"): void;
  close(): void;
  key(name: string): void;
  scalar(value: unknown): void;
  /** How many containers are open; 0 when the value is whole. */
  depth(): number;
  /** The value, once it is whole; takes it out of the builder. */
  value(): unknown;
}

/**
 * Makes a builder for one JSON value after another. As in `JSON.parse`, every
 * key is an own property, `__proto__` too, and the last of equal keys wins.
 */
export function createValueBuilder(): ValueBuilder {
  let containers: Container[] = [];
  let names: string[] = [];
  let whole: unknown;

  const put = (value: unknown): void => {
    const parent = containers.at(-1);
    if (parent === undefined) {
      whole = value;
    } else if (Array.isArray(parent)) {
      parent.push(value);
    } else {
      set(parent, names.at(-1) ?? "", value);
    }
  };

  return {
    open(kind) {
      const container: Container = kind === "array" ? [] : {};
      put(container);
      containers.push(container);
      names.push("");
    },
    close() {
      whole = containers.pop();
      names.pop();
    },
    key(name) {
      names[names.length - 1] = name;
    },
    scalar: put,
    depth: () => containers.length,
    value() {
      const value = whole;
      containers = [];
      names = [];
      whole = undefined;
      return value;
    },
  };
}

type Container = unknown[] | Record<string, unknown>;

/** Sets an own property, whatever its name. */
export function set(object: Record<string, unknown>, name: string, value: unknown): void {
  if (name === "__proto__") {
    Object.defineProperty(object, name, {
      value,
      writable: true,
      enumerable: true,
      configurable: true,
    });
  } else {
    object[name] = value;
  }
}
