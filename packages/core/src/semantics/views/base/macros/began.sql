-- When something began that ended at a time and took some milliseconds; a day at most is believed.
CREATE OR REPLACE MACRO base.began(ended, duration_ms) AS
  make_timestamptz(
    epoch_us(ended) - 1000 * greatest(0, least(coalesce(duration_ms, 0), 86400000))
  );
