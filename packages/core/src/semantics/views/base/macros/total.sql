-- The sum of a whole number over a group, exact beyond BIGINT; 0 for an empty group.
CREATE OR REPLACE MACRO base.total(number) AS CAST(coalesce(sum(number), 0) AS HUGEINT);
