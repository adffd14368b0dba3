-- One row per prompt with an id, by a person or made by Claude Code.
CREATE OR REPLACE VIEW prompts AS
SELECT
  session_id,
  prompt_id,
  prompt_length,
  command_name,
  * EXCLUDE (session_id, prompt_id, prompt_length, command_name, prompts)
FROM (
  SELECT * EXCLUDE (sums), unnest(sums)
  FROM (
    SELECT
      part.key_1 AS prompt_id,
      min(part.key_2) AS session_id,
      base.totals(part, NULL) AS sums
    FROM base.partial_totals(
      prompt_id, session_id, NULL, NULL, NULL, time, prompt_id IS NOT NULL, NULL
    ) AS part
    GROUP BY part.key_1
  )
)
LEFT JOIN (
  SELECT prompt_id, max(prompt_length) AS prompt_length, max(command_name) AS command_name
  FROM base.other_logs
  WHERE event_name = 'user_prompt'
    AND prompt_id IS NOT NULL
  GROUP BY prompt_id
) USING (prompt_id);
