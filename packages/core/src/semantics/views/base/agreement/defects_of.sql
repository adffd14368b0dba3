-- The names of the known defects that make numbers of a session wrong, by its release, the models it
-- used and when it ended, in alphabetical order; NULL where there are none. A condition that telemetry
-- does not show is met by few: those defects are not named. Those of a release are found once for all
-- of its sessions.
CREATE OR REPLACE MACRO base.defects_of(of_version, used_models, ended) AS
  nullif(
    list_sort(
      list_distinct(
        list_transform(
          list_filter(
            (
              SELECT list({'name': name, 'model': model, 'requests_since': requests_since})
              FROM base.defects
              WHERE concerns = 'usage'
                AND condition IS NULL
                AND base.release(of_version) >= since_release
                AND (fixed_in_version IS NULL OR base.release(of_version) < fixed_in_release)
            ),
            lambda defect: (defect.model IS NULL OR list_contains(used_models, defect.model))
            AND (defect.requests_since IS NULL OR ended >= defect.requests_since)
          ),
          lambda defect: defect.name
        )
      )
    ),
    []
  );
