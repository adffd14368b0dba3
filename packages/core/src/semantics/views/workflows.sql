-- One row per workflow; the row of NULL is what carries no workflow_id.
CREATE OR REPLACE VIEW workflows AS
FROM base.workflows(NULL, NULL, NULL, NULL, NULL, NULL);
