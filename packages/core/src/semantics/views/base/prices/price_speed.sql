-- The speed a request is priced by: some name it in the model.
CREATE OR REPLACE MACRO base.price_speed(speed, model) AS
  CASE WHEN speed = 'fast' OR contains(lower(model), '-fast') THEN 'fast' ELSE 'normal' END;
