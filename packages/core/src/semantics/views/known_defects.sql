-- One row per known defect in what certain releases of Claude Code tell of their usage.
CREATE OR REPLACE VIEW known_defects AS
SELECT name, since_version, fixed_in_version, effect
FROM (
  VALUES
    (
      'retries without usage', '0.0.0', '2.1.20',
      'A request that succeeds after a failed attempt is told with no cost, and mostly no tokens.'
    ),
    (
      'background requests at exit', '0.0.0', '2.1.20',
      'Requests beside the conversation that are under way when the process ends are not told.'
    ),
    (
      'hour-long cache writes priced too low', '0.0.0', '2.1.329',
      'Tokens written to the cache for an hour cost what those for five minutes do.'
    ),
    (
      'subagents not marked', '0.0.0', '2.1.140',
      'Requests of subagents look like those of the main conversation.'
    ),
    (
      'continued under another session', '0.0.0', '2.1.20',
      'With --continue, requests beside the conversation carry a session id that is used only once.'
    ),
    (
      'interrupted without its last telemetry', '0.0.0', '2.1.112',
      'A process that is interrupted (SIGINT) does not send what it has not sent before.'
    )
) AS known (name, since_version, fixed_in_version, effect);
