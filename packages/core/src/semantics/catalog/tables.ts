import type { Relation } from "../relation.ts";
import { columns } from "./shared.ts";

/** The tables that users may read as they are. */
export const tables: readonly Relation[] = [
  {
    kind: "table",
    schema: "main",
    name: "source_files",
    row: "One file that was read.",
    columns: columns(
      ["file_id", "Key of the file."],
      ["path", "Where it was last seen."],
      ["framing", "How its records are framed, found by content."],
      ["head_hash", "Hash of its first line or frame, by which it is known again."],
      ["cursor_offset", "Bytes that were read; of a compressed file, of its content."],
      ["guard_length", "Length of the guard before the cursor, bytes."],
      ["guard_hash", "Hash of the guard."],
      ["size_bytes", "Size when it was last read."],
      ["lines", "Lines or frames that were read."],
      ["records", "Records found in them."],
      ["first_read_at", "When it was first read."],
      ["last_read_at", "When it was last read."],
    ),
  },
  {
    kind: "table",
    schema: "main",
    name: "source_places",
    row: "One folder or pattern that was imported or watched: what is new in it is read without a path.",
    columns: columns(
      ["path", "The folder or the pattern, absolute."],
      ["kind", "folder or pattern."],
      ["noted_at", "When it was first imported or watched."],
    ),
  },
  {
    kind: "table",
    schema: "main",
    name: "rejected_lines",
    row: "One line, or part of a line, that could not be stored as it was; of text beside telemetry the first line of its kind in a file.",
    columns: columns(
      ["file_id", "Key into source_files."],
      ["path", "File."],
      ["byte_offset", "Where it begins, bytes from the start of the file's content."],
      ["byte_length", "How long it is, bytes."],
      ["line_hash", "Hash of its bytes."],
      ["reason", "Why, in a word."],
      ["detail", "Why, in a sentence."],
      ["records_kept", "Records of it that could be stored."],
      ["text", "Its beginning."],
      ["rejected_at", "When it was read."],
      ["lines", "How many lines it stands for: text beside telemetry is counted, not kept."],
    ),
  },
  {
    kind: "table",
    schema: "main",
    name: "prices",
    row: "One model, speed, span of time and length of prompt: its list price.",
    columns: columns(
      ["model", "Model without provider, date and version."],
      ["speed", "normal or fast."],
      ["valid_from", "From when the price holds."],
      ["valid_to", "Until when, exclusive; NULL if it is still valid."],
      [
        "prompt_tokens_from",
        "Least length of the prompt, tokens: input, cache read and cache creation.",
      ],
      ["prompt_tokens_to", "Greatest length, exclusive; NULL for any."],
      ["input_usd_per_mtok", "USD per million input tokens."],
      ["output_usd_per_mtok", "USD per million output tokens."],
      [
        "cache_write_5m_usd_per_mtok",
        "USD per million tokens written to the cache for five minutes.",
      ],
      ["cache_write_1h_usd_per_mtok", "USD per million tokens written to the cache for an hour."],
      ["cache_read_usd_per_mtok", "USD per million tokens read from the cache."],
      ["source", "Where the price was published."],
      ["checked_on", "When it was looked up there."],
      ["verified", "published: by the vendor; least: in third-party tables only."],
    ),
  },
];
