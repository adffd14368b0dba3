-- A tag of another name that stands for a column.
INSERT INTO base.own_tags VALUES ($column, $tag, $rank);
