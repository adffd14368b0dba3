-- Seconds from the first time of a group to the last.
CREATE OR REPLACE MACRO base.wall_seconds(first_time, last_time) AS
  (epoch_us(max(last_time)) - epoch_us(min(first_time))) / 1000000;
