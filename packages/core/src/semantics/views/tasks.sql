-- One row per task of a stage and agent it was given to; rows of NULL are what carries no task.
CREATE OR REPLACE VIEW tasks AS
FROM base.tasks(NULL, NULL, NULL, NULL, NULL, NULL);
