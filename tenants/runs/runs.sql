-- Runs: what was asked, its chunks and who works on them, the results in pages, what was refused, what is published.
CREATE TABLE {schema}.runs (
  run_id bigint PRIMARY KEY,  -- of the counter `runs`
  kind text NOT NULL CHECK (kind IN ('regular', 'preview', 'correction', 'year_end')),
  state text NOT NULL CHECK (state IN ('draft', 'calculating', 'calculated', 'approved', 'published', 'cancelled', 'void',
                                       'failed')),
  priority smallint NOT NULL CHECK (priority BETWEEN 0 AND 2),
  scheme_id text COLLATE "C" NOT NULL,
  period text COLLATE "C" NOT NULL,
  base_run_id bigint REFERENCES {schema}.runs,  -- what a correction corrects
  -- All that it is computed from, settled when it is made: see run_sources.h.
  sources text NOT NULL,
  snapshots bigint[] NOT NULL,  -- those of the sources: they may not be dropped
  parameters text NOT NULL,     -- CSV `name,value`, over those of the snapshots
  chunks integer NOT NULL CHECK (chunks > 0),
  people bigint NOT NULL,       -- of the population: how large it is
  outputs text,              -- names, a line each; with the three below when it is calculated
  rows bigint,               -- employees with results
  refused bigint,
  checksum bytea,            -- the result hash: over the chunks' checksums
  failure text,
  idempotency_key text COLLATE "C" UNIQUE CHECK (octet_length(idempotency_key) BETWEEN 1 AND 200),
  request_hash bytea NOT NULL,
  replaced_run_id bigint,    -- what was published before it
  expires_at timestamptz,    -- of a preview
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  calculated_at timestamptz,
  approved_by text,
  approved_at timestamptz,
  published_by text,
  published_at timestamptz,
  ended_by text,             -- cancelled or declared void
  ended_at timestamptz,
  ended_why text CHECK (octet_length(ended_why) <= 4000)
);
CREATE INDEX runs_of_period ON {schema}.runs (scheme_id, period, run_id);
CREATE INDEX runs_to_expire ON {schema}.runs (expires_at) WHERE expires_at IS NOT NULL;
GRANT SELECT, INSERT, UPDATE, DELETE ON {schema}.runs TO {role};
CREATE TRIGGER keep_run BEFORE INSERT OR UPDATE OR DELETE ON {schema}.runs
  FOR EACH ROW EXECUTE FUNCTION kaogong.keep_run();
CREATE TRIGGER queue_run AFTER INSERT OR UPDATE OR DELETE ON {schema}.runs
  FOR EACH ROW EXECUTE FUNCTION kaogong.queue_run();

CREATE TABLE {schema}.run_chunks (
  run_id bigint NOT NULL REFERENCES {schema}.runs ON DELETE CASCADE,
  chunk integer NOT NULL CHECK (chunk >= 0),
  state text NOT NULL CHECK (state IN ('ready', 'claimed', 'done')),
  epoch integer NOT NULL DEFAULT 0,  -- goes up with every claim; only the last claimant may finish
  worker text COLLATE "C",
  lease_until timestamptz,
  rows bigint,
  refused bigint,
  checksum bytea,
  outputs text,  -- of chunk 0: the names of the run's outputs, a line each
  finished_at timestamptz,
  PRIMARY KEY (run_id, chunk)
) WITH (fillfactor = 50);
GRANT SELECT, INSERT, UPDATE, DELETE ON {schema}.run_chunks TO {role};
CREATE TRIGGER keep_chunk BEFORE INSERT OR UPDATE OR DELETE ON {schema}.run_chunks
  FOR EACH ROW EXECUTE FUNCTION kaogong.keep_run_part();

-- A page is a few hundred employees in the order of their ids: one employee is one probe of the key.
CREATE TABLE {schema}.results (
  run_id bigint NOT NULL,
  first_employee text COLLATE "C" NOT NULL,
  chunk integer NOT NULL,
  rows integer NOT NULL,
  bytes bytea NOT NULL,
  PRIMARY KEY (run_id, first_employee)
);
ALTER TABLE {schema}.results ALTER COLUMN bytes SET STORAGE EXTERNAL;
GRANT SELECT, INSERT, DELETE ON {schema}.results TO {role};
CREATE TRIGGER keep_results BEFORE INSERT OR UPDATE OR DELETE ON {schema}.results
  FOR EACH ROW EXECUTE FUNCTION kaogong.keep_run_part();

CREATE TABLE {schema}.rejects (
  run_id bigint NOT NULL,
  chunk integer NOT NULL,
  seq integer NOT NULL,
  employee text COLLATE "C" NOT NULL,
  file text NOT NULL,
  line bigint NOT NULL,
  column_name text NOT NULL,
  value text NOT NULL,
  error_zh text NOT NULL,
  error_en text NOT NULL,
  PRIMARY KEY (run_id, chunk, seq)
);
CREATE INDEX rejects_of_employee ON {schema}.rejects (run_id, employee);
GRANT SELECT, INSERT, DELETE ON {schema}.rejects TO {role};
CREATE TRIGGER keep_rejects_added AFTER INSERT ON {schema}.rejects
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION kaogong.keep_run_parts();
CREATE TRIGGER keep_rejects_deleted AFTER DELETE ON {schema}.rejects
  REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION kaogong.keep_run_parts();
CREATE TRIGGER append_only BEFORE UPDATE OR TRUNCATE ON {schema}.rejects
  FOR EACH STATEMENT EXECUTE FUNCTION kaogong.refuse_change();
CREATE TRIGGER append_only BEFORE TRUNCATE ON {schema}.results
  FOR EACH STATEMENT EXECUTE FUNCTION kaogong.refuse_change();
CREATE TRIGGER append_only BEFORE TRUNCATE ON {schema}.runs
  FOR EACH STATEMENT EXECUTE FUNCTION kaogong.refuse_change();

-- Which run's results count: publishing flips this one row.
CREATE TABLE {schema}.publications (
  scheme_id text COLLATE "C" NOT NULL,
  period text COLLATE "C" NOT NULL,
  run_id bigint NOT NULL REFERENCES {schema}.runs,
  published_by text NOT NULL,
  published_at timestamptz NOT NULL,
  PRIMARY KEY (scheme_id, period)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON {schema}.publications TO {role};
CREATE TRIGGER keep_publication BEFORE INSERT OR UPDATE OR DELETE ON {schema}.publications
  FOR EACH ROW EXECUTE FUNCTION kaogong.keep_publication();
