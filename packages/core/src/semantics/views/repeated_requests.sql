-- One row per record of a request that does not count, since another record of the same request does.
CREATE OR REPLACE VIEW repeated_requests AS
WITH lost AS (
  SELECT record_id, session_id, request_id
  FROM base.api_request_logs
  WHERE repeated
),
paired AS (
  SELECT lost.record_id, min(kept.record_id) AS counted_record_id
  FROM lost
  JOIN base.requests AS kept
    ON kept.request_id = lost.request_id
    AND (lost.session_id IS NULL OR kept.session_id = lost.session_id)
  GROUP BY lost.record_id
),
named AS (
  SELECT
    logs.record_id,
    time,
    observed_lag_ns,
    session_id,
    request_id,
    all_attributes,
    coalesce(resources.attributes, '{}') AS resource_attributes
  FROM base.logs
  LEFT JOIN base.resources USING (resource_id)
  WHERE record_id IN (
    SELECT record_id FROM paired
    UNION ALL
    SELECT counted_record_id FROM paired
  )
)
SELECT
  lost.time,
  lost.session_id,
  lost.request_id,
  lost.record_id,
  kept.record_id AS counted_record_id,
  list_concat(
    list_filter(
      [
        CASE WHEN lost.time <> kept.time THEN 'timeUnixNano' END,
        CASE
          WHEN lost.time + to_microseconds(lost.observed_lag_ns // 1000)
            IS DISTINCT FROM kept.time + to_microseconds(kept.observed_lag_ns // 1000)
            THEN 'observedTimeUnixNano'
        END
      ],
      lambda name: name IS NOT NULL
    ),
    list_sort(list_filter(
      list_distinct(
        list_concat(json_keys(lost.all_attributes), json_keys(kept.all_attributes))
      ),
      lambda name:
        json_extract_string(lost.all_attributes, base.member(name))
        IS DISTINCT FROM json_extract_string(kept.all_attributes, base.member(name))
    )),
    list_transform(
      list_sort(list_filter(
        list_distinct(
          list_concat(json_keys(lost.resource_attributes), json_keys(kept.resource_attributes))
        ),
        lambda name:
          json_extract_string(lost.resource_attributes, base.member(name))
          IS DISTINCT FROM json_extract_string(kept.resource_attributes, base.member(name))
      )),
      lambda name: 'resource ' || name
    )
  ) AS differs_in
FROM paired
JOIN named AS lost ON lost.record_id = paired.record_id
JOIN named AS kept ON kept.record_id = paired.counted_record_id;
