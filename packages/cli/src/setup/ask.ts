import { confirm, isCancel, multiselect } from "@clack/prompts";
import { Interrupted } from "../process/failure.ts";

/** Where variables and files may go, as a user chooses. */
export type Place = "settings" | "shell" | "collector";

/** What may be sent in addition to numbers. */
export type Content = "prompts" | "responses" | "toolDetails";

/** Questions are no result: they go to standard error. */
const output = process.stderr;

/** Asks where the set-up goes; the shell is offered by its name. Interrupted on Ctrl-C. */
export async function askPlaces(shell: string | undefined): Promise<readonly Place[]> {
  return answered(
    await multiselect<Place>({
      message: "What should be set up?",
      options: [
        {
          value: "settings",
          label: "Claude Code's settings.json",
          hint: "counts wherever Claude Code runs",
        },
        ...(shell === undefined
          ? []
          : [{ value: "shell" as const, label: `The environment of ${shell}` }]),
        {
          value: "collector",
          label: "Files for an OpenTelemetry Collector",
          hint: "instead of cctelemetry collect",
        },
      ],
      initialValues: ["settings"],
      required: true,
      output,
    }),
  );
}

/** Asks which texts are sent in addition to numbers; none is the default. Interrupted on Ctrl-C. */
export async function askContent(): Promise<readonly Content[]> {
  return answered(
    await multiselect<Content>({
      message: "Store texts as well? (Enter for none)",
      options: [
        { value: "prompts", label: "What you type" },
        { value: "responses", label: "What Claude answers" },
        { value: "toolDetails", label: "Names and arguments of tools, with full commands" },
      ],
      required: false,
      output,
    }),
  );
}

/** Asks yes or no. Interrupted on Ctrl-C. */
export async function askYesNo(message: string, byDefault: boolean): Promise<boolean> {
  return answered(await confirm({ message, initialValue: byDefault, output }));
}

function answered<Answer>(answer: Answer): Exclude<Answer, symbol> {
  if (isCancel(answer)) throw new Interrupted(130);
  return answer as Exclude<Answer, symbol>;
}
