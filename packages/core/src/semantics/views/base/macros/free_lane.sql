-- The first lane that is free at a time: `taken` has when each one ends. One more than there are if none is.
CREATE OR REPLACE MACRO base.free_lane(taken, moment) AS
  coalesce(list_position(list_transform(taken, lambda ends: ends <= moment), true), len(taken) + 1);
