-- Whether something was done by the model that was asked for, both by their one name; NULL is any.
CREATE OR REPLACE MACRO base.of_model(model, only_model) AS
  only_model IS NULL OR model = only_model;
