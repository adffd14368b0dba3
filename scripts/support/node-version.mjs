/** The oldest Node.js the project runs on; the same as `engines` in package.json. */
const oldest = [20, 19];

/** Ends the process with one clear sentence where Node.js is too old for the project. */
export function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = oldest;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return;
  console.error(
    `cctelemetry needs Node.js ${oldest.join(".")} or newer; this is ${process.versions.node}.\n` +
      "Install a current release from https://nodejs.org, then run the command again.",
  );
  process.exit(1);
}
