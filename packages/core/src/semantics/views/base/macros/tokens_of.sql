-- The tokens of an increment of a metric: exact where integers were sent; NULL where it is no number of
-- tokens that one record may have. The double next to the most that there may be is one more.
CREATE OR REPLACE MACRO base.tokens_of(increment_int, increment) AS
  coalesce(
    increment_int,
    CASE
      WHEN increment = 9223372036854775808 THEN 9223372036854775807
      ELSE TRY_CAST(increment AS BIGINT)
    END
  );
