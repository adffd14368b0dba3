-- One row per stage of a workflow; rows of NULL are what carries no stage.
CREATE OR REPLACE VIEW stages AS
FROM base.stages(NULL, NULL, NULL, NULL, NULL, NULL);
