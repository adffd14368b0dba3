import { activity } from "./activity.ts";
import { agents } from "./agents.ts";
import { cache } from "./cache.ts";
import { coverage } from "./coverage.ts";
import { daily } from "./daily.ts";
import { errors } from "./errors.ts";
import { models } from "./models.ts";
import { monthly } from "./monthly.ts";
import { prompts } from "./prompts.ts";
import type { Report, ReportName } from "./report.ts";
import { requests } from "./requests.ts";
import { session } from "./session.ts";
import { sessions } from "./sessions.ts";
import { stages } from "./stages.ts";
import { summary } from "./summary.ts";
import { tasks } from "./tasks.ts";
import { timeline } from "./timeline.ts";
import { tools } from "./tools.ts";
import { waterfall } from "./waterfall.ts";
import { weekly } from "./weekly.ts";
import { workflows } from "./workflows.ts";

/** Every report by its name, in the order lists show them. */
export const reports: Readonly<Record<ReportName, Report>> = {
  summary,
  daily,
  weekly,
  monthly,
  sessions,
  session,
  prompts,
  requests,
  waterfall,
  workflows,
  stages,
  tasks,
  agents,
  timeline,
  models,
  tools,
  cache,
  activity,
  errors,
  coverage,
};
