-- The sum of counts over a group; 0 for an empty group.
CREATE OR REPLACE MACRO base.counted(number) AS CAST(coalesce(sum(number), 0) AS BIGINT);
