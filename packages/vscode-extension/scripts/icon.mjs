// Draws media/icon.png: four bars, one for each type of token, under a pulse. `node scripts/icon.mjs`
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { crc32, deflateSync } from "node:zlib";

const SIZE = 256;
/** Points per pixel and direction, for smooth edges. */
const FINE = 4;
const GROUND = [31, 36, 48];
const PULSE = [236, 239, 244];

/** Left edge, top edge and colour of each bar, in parts of the size. */
const bars = [
  { left: 0.17, top: 0.66, color: [94, 160, 239] },
  { left: 0.345, top: 0.58, color: [120, 200, 130] },
  { left: 0.52, top: 0.5, color: [178, 140, 230] },
  { left: 0.695, top: 0.62, color: [240, 178, 90] },
];
const BAR_WIDTH = 0.135;
const BAR_BOTTOM = 0.84;

/** The pulse from left to right. */
const line = [
  [0.13, 0.36],
  [0.34, 0.36],
  [0.42, 0.17],
  [0.53, 0.47],
  [0.61, 0.29],
  [0.66, 0.36],
  [0.87, 0.36],
];
const LINE_WIDTH = 0.045;

/** Every row of pixels, led by a zero: no filter. */
const rows = Buffer.alloc(SIZE * (SIZE * 4 + 1));
for (let y = 0; y < SIZE; y++) {
  for (let x = 0; x < SIZE; x++) rows.set(pixel(x, y), y * (SIZE * 4 + 1) + 1 + x * 4);
}
const head = Buffer.alloc(13);
head.writeUInt32BE(SIZE, 0);
head.writeUInt32BE(SIZE, 4);
// Eight bits a channel, four channels.
head.set([8, 6], 8);
const folder = new URL("../media/", import.meta.url);
mkdirSync(folder, { recursive: true });
writeFileSync(
  fileURLToPath(new URL("icon.png", folder)),
  Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk("IHDR", head),
    chunk("IDAT", deflateSync(rows, { level: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]),
);

/**
 * A chunk of a PNG file: length, name, data, checksum.
 *
 * @param {string} name
 * @param {Buffer} data
 */
function chunk(name, data) {
  const body = Buffer.concat([Buffer.from(name, "latin1"), data]);
  const frame = Buffer.alloc(body.length + 8);
  frame.writeUInt32BE(data.length, 0);
  frame.set(body, 4);
  frame.writeUInt32BE(crc32(body), body.length + 4);
  return frame;
}

/** Red, green, blue and opacity of a pixel: the mean of the points in it. */
function pixel(/** @type {number} */ x, /** @type {number} */ y) {
  const sum = [0, 0, 0, 0];
  for (let step = 0; step < FINE * FINE; step++) {
    const color = colorAt(
      (x + ((step % FINE) + 0.5) / FINE) / SIZE,
      (y + (Math.floor(step / FINE) + 0.5) / FINE) / SIZE,
    );
    if (color === undefined) continue;
    for (const [at, part] of color.entries()) sum[at] = (sum[at] ?? 0) + part;
    sum[3] = (sum[3] ?? 0) + 1;
  }
  const [red = 0, green = 0, blue = 0, hits = 0] = sum;
  if (hits === 0) return [0, 0, 0, 0];
  return [red / hits, green / hits, blue / hits, (hits / FINE ** 2) * 255].map(Math.round);
}

/** The colour at a point; undefined outside the rounded square. */
function colorAt(/** @type {number} */ x, /** @type {number} */ y) {
  if (!isWithin(x, y, { left: 0.02, top: 0.02, right: 0.98, bottom: 0.98, radius: 0.2 })) {
    return undefined;
  }
  for (let at = 1; at < line.length; at++) {
    if (distance([x, y], line[at - 1] ?? [0, 0], line[at] ?? [0, 0]) < LINE_WIDTH / 2) return PULSE;
  }
  const bar = bars.find(({ left, top }) =>
    isWithin(x, y, { left, top, right: left + BAR_WIDTH, bottom: BAR_BOTTOM, radius: 0.03 }),
  );
  return bar?.color ?? GROUND;
}

/**
 * @param {number} x
 * @param {number} y
 * @param {{ left: number, top: number, right: number, bottom: number, radius: number }} box
 */
function isWithin(x, y, { left, top, right, bottom, radius }) {
  const dx = Math.max(left + radius - x, x - (right - radius), 0);
  const dy = Math.max(top + radius - y, y - (bottom - radius), 0);
  return Math.hypot(dx, dy) <= radius;
}

/**
 * From a point to a piece of a line.
 *
 * @param {readonly number[]} point
 * @param {readonly number[]} from
 * @param {readonly number[]} to
 */
function distance([x = 0, y = 0], [fromX = 0, fromY = 0], [toX = 0, toY = 0]) {
  const [dx, dy] = [toX - fromX, toY - fromY];
  const along = ((x - fromX) * dx + (y - fromY) * dy) / (dx * dx + dy * dy);
  const part = Math.min(1, Math.max(0, along));
  return Math.hypot(x - fromX - part * dx, y - fromY - part * dy);
}
