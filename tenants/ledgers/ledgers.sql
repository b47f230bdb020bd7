-- Amounts that are carried from period to period. What is wrong is reversed, never changed.
CREATE TABLE {schema}.ledger_entries (
  ledger text COLLATE "C" NOT NULL CHECK (octet_length(ledger) BETWEEN 1 AND 100),
  employee text COLLATE "C" NOT NULL CHECK (octet_length(employee) BETWEEN 1 AND 200),
  entry_key text COLLATE "C" NOT NULL CHECK (octet_length(entry_key) BETWEEN 1 AND 300),  -- the same key posts once
  period text COLLATE "C" NOT NULL,
  period_end date NOT NULL,
  run_id bigint,
  kind text NOT NULL CHECK (octet_length(kind) BETWEEN 1 AND 100),
  amount bigint NOT NULL,  -- in units of 10^-scale
  scale smallint NOT NULL CHECK (scale BETWEEN 0 AND 6),
  note text NOT NULL CHECK (octet_length(note) <= 4000),
  actor text NOT NULL,
  posted_at timestamptz NOT NULL,
  PRIMARY KEY (ledger, employee, entry_key)
);
CREATE INDEX ledger_entries_of_run ON {schema}.ledger_entries (run_id) WHERE run_id IS NOT NULL;
GRANT SELECT, INSERT ON {schema}.ledger_entries TO {role};
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {schema}.ledger_entries
  FOR EACH STATEMENT EXECUTE FUNCTION kaogong.refuse_change();
