-- Where the usage of a group comes from: entries are all of it, requests those that are events.
CREATE OR REPLACE MACRO base.ledger_of(entries, requests) AS
  CASE
    WHEN coalesce(sum(entries), 0) = 0 THEN NULL
    WHEN sum(entries) = sum(requests) THEN 'events'
    WHEN sum(requests) = 0 THEN 'metrics'
    ELSE 'mixed'
  END;
