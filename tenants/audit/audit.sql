-- Who did what, as a chain: each row's hash covers the one before. The head is in counters.
CREATE TABLE {schema}.audit_log (
  seq bigint PRIMARY KEY,
  at timestamptz NOT NULL,
  actor text NOT NULL,
  action text NOT NULL,
  subject text NOT NULL,
  detail text NOT NULL,  -- JSON, kept as the bytes that were hashed
  previous_hash bytea NOT NULL,
  hash bytea NOT NULL
);
GRANT SELECT, INSERT ON {schema}.audit_log TO {role};
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {schema}.audit_log
  FOR EACH STATEMENT EXECUTE FUNCTION kaogong.refuse_change();
INSERT INTO {schema}.counters (name, value, state) VALUES ('audit', 0, '');
