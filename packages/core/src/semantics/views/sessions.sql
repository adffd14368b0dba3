-- One row per session with requests, prompts, tools or errors.
CREATE OR REPLACE VIEW sessions AS
FROM base.sessions(NULL, NULL, NULL, NULL, NULL, NULL);
