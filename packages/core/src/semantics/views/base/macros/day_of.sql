-- The UTC day of a time, in days since 1970.
CREATE OR REPLACE MACRO base.day_of(instant) AS epoch_us(instant) // 86400000000;
