-- One row per known defect in what certain releases of Claude Code say of their usage, and model.
CREATE OR REPLACE VIEW known_defects AS
SELECT * EXCLUDE (since_release, fixed_in_release)
FROM base.defects;
