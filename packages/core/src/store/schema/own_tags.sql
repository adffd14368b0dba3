-- One row per tag of another name that stands for a column of workflows, as the settings have it.
CREATE TABLE base.own_tags (
  column_name VARCHAR NOT NULL,
  tag VARCHAR NOT NULL,
  rank INTEGER NOT NULL
);
