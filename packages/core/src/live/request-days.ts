const DAY = 86_400_000_000;
const HOUR = 3_600_000_000;

/** A UTC day on which a user had requests. */
export interface RequestDay {
  /** Whether these requests had no session id. */
  readonly sessionless: boolean;
  readonly userId: string | undefined;
  /** Days since 1970. */
  readonly day: number;
}

/** UTC days in which a metric grew, in days since 1970. */
export interface DaySpan {
  readonly firstDay: number;
  readonly lastDay: number;
}

/** The UTC days of an increment between two times, microseconds, with an hour before and after. */
export function daysOf(start: number, time: number): DaySpan {
  return {
    firstDay: Math.floor((Math.min(start, time) - HOUR) / DAY),
    lastDay: Math.floor((time + HOUR) / DAY),
  };
}

/** The day of a request at a time, microseconds. */
export function dayOfRequest(time: number): number {
  return Math.floor(time / DAY);
}

/**
 * The days on which users had requests. If an id is missing on one side, says which points of metrics
 * report usage that those requests hold already; base.metric_usage is the same rule in SQL.
 */
export class RequestDays {
  private readonly parent: RequestDays | undefined;
  private readonly all: Map<string | undefined, Set<number>> = new Map();
  private readonly sessionless: Map<string | undefined, Set<number>> = new Map();

  constructor(parent?: RequestDays) {
    this.parent = parent;
  }

  /** Notes a day. */
  add({ sessionless, userId, day }: RequestDay): void {
    daysIn(this.all, userId).add(day);
    if (sessionless) daysIn(this.sessionless, userId).add(day);
  }

  /** Whether requests that may be those of a point's user, and of its session, fall into its days. */
  covers(hasSession: boolean, userId: string | undefined, span: DaySpan): boolean {
    const users = hasSession ? this.sessionless : this.all;
    const asked =
      userId === undefined ? [...users.values()] : [users.get(userId), users.get(undefined)];
    return (
      asked.some((days) => days !== undefined && hasDayIn(days, span)) ||
      (this.parent?.covers(hasSession, userId, span) ?? false)
    );
  }
}

function daysIn(users: Map<string | undefined, Set<number>>, userId: string | undefined) {
  let days = users.get(userId);
  if (days === undefined) {
    days = new Set();
    users.set(userId, days);
  }
  return days;
}

function hasDayIn(days: ReadonlySet<number>, { firstDay, lastDay }: DaySpan): boolean {
  if (lastDay - firstDay < days.size) {
    for (let day = firstDay; day <= lastDay; day++) if (days.has(day)) return true;
    return false;
  }
  for (const day of days) if (day >= firstDay && day <= lastDay) return true;
  return false;
}
