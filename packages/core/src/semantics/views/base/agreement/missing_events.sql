-- One row per session: how many of its events never came, at least, by the numbers that Claude Code
-- gives them. Every process numbers its own from 0, and nothing names the process: another one begins
-- where, in the order of time, a number comes that is less than all before it, or that was there before.
-- Where two processes run at once their numbers alternate: what is missing of them is not known.
-- Most sessions are one process with all its events, as count and sum show: numbers that a later process
-- has from 0 on never make up for others in both. Only other sessions are sorted.
CREATE OR REPLACE VIEW base.missing_events AS
WITH summed AS (
  SELECT
    session_id,
    sum(events) AS events,
    CAST(min(least_number) AS HUGEINT) AS least_number,
    CAST(max(most_number) AS HUGEINT) AS most_number,
    sum(total) AS total
  FROM (
    SELECT
      session_id,
      count(event_sequence) AS events,
      min(event_sequence) AS least_number,
      max(event_sequence) AS most_number,
      sum(event_sequence) AS total
    FROM base.requests
    GROUP BY session_id
    UNION ALL
    SELECT
      session_id,
      count(event_sequence) AS events,
      min(event_sequence) AS least_number,
      max(event_sequence) AS most_number,
      sum(event_sequence) AS total
    FROM base.other_logs
    GROUP BY session_id
  )
  GROUP BY session_id
),
judged AS (
  SELECT
    session_id,
    events,
    events = most_number - least_number + 1
      AND total * 2 = (least_number + most_number) * events AS is_whole
  FROM summed
),
broken AS (
  -- As a list that is unnested they are known to be few, so that the join hashes them, not the events.
  SELECT unnest(list(session_id)) AS session_id
  FROM judged
  WHERE NOT is_whole
),
numbers AS (
  SELECT session_id, time, event_sequence AS number FROM base.requests
  UNION ALL
  SELECT session_id, time, event_sequence FROM base.other_logs
),
repeated AS (
  SELECT
    numbers.session_id,
    time,
    CAST(number AS HUGEINT) AS number,
    row_number() OVER (PARTITION BY numbers.session_id, number ORDER BY time) AS occurrence,
    CAST(min(number) OVER earlier AS HUGEINT) AS least_before
  FROM numbers
  JOIN broken ON broken.session_id IS NOT DISTINCT FROM numbers.session_id
  WHERE number IS NOT NULL
  WINDOW earlier AS (
    PARTITION BY numbers.session_id ORDER BY time, number
    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
  )
),
begun AS (
  SELECT
    session_id,
    time,
    number,
    max(occurrence) OVER earlier
      + count(*) FILTER (WHERE number < least_before - 10) OVER earlier AS process
  FROM repeated
  WINDOW earlier AS (PARTITION BY session_id ORDER BY time, number ROWS UNBOUNDED PRECEDING)
),
processes AS (
  SELECT
    session_id,
    process,
    CASE
      WHEN bool_or(number < number_before - 10) THEN 0
      ELSE max(number) - min(number) + 1 - count(DISTINCT number)
    END AS missing
  FROM (
    SELECT
      *,
      lag(number) OVER (PARTITION BY session_id, process ORDER BY time, number) AS number_before
    FROM begun
  )
  GROUP BY session_id, process
)
SELECT
  judged.session_id,
  CASE
    WHEN judged.events = 0 THEN NULL
    WHEN judged.is_whole THEN 0
    ELSE CAST(least(9223372036854775807, coalesce(sum(missing), 0)) AS BIGINT)
  END AS missing_events
FROM judged
LEFT JOIN processes ON processes.session_id IS NOT DISTINCT FROM judged.session_id
GROUP BY judged.session_id, judged.events, judged.is_whole;
