-- The sum of a whole number over a group; 0 for an empty group, NULL where BIGINT does not hold it.
CREATE OR REPLACE MACRO base.total(number) AS TRY_CAST(coalesce(sum(number), 0) AS BIGINT);
