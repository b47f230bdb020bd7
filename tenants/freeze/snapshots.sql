-- What runs compute from: the inputs of a period as packed chunks. A chunk that did not change since an earlier snapshot
-- is not stored again: chunk_of and chunk_no say for each place which snapshot's row holds it.
CREATE TABLE {schema}.snapshots (
  snapshot_id bigint PRIMARY KEY,  -- of the counter `snapshots`
  scheme_id text COLLATE "C" NOT NULL,
  period text COLLATE "C" NOT NULL,
  signature bytea NOT NULL CHECK (octet_length(signature) = 16),  -- of the scheme's inputs
  watermark bigint NOT NULL,  -- the last change of entries that is in it
  rows bigint NOT NULL,
  refused bigint NOT NULL,
  checksum bytea NOT NULL CHECK (octet_length(checksum) = 16),
  head bytea NOT NULL,
  chunk_of bigint[] NOT NULL,
  chunk_no bigint[] NOT NULL CHECK (cardinality(chunk_no) = cardinality(chunk_of)),
  created_by text NOT NULL,
  created_at timestamptz NOT NULL
);
CREATE INDEX snapshots_by_scheme ON {schema}.snapshots (scheme_id, period, watermark);
GRANT SELECT, INSERT ON {schema}.snapshots TO {role};
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {schema}.snapshots
  FOR EACH STATEMENT EXECUTE FUNCTION kaogong.refuse_change();

CREATE TABLE {schema}.snapshot_chunks (
  snapshot_id bigint NOT NULL,  -- that was written with it
  chunk bigint NOT NULL,
  bytes bytea NOT NULL,  -- has its own checksum, and its own compression
  PRIMARY KEY (snapshot_id, chunk)
);
ALTER TABLE {schema}.snapshot_chunks ALTER COLUMN bytes SET STORAGE EXTERNAL;
GRANT SELECT, INSERT ON {schema}.snapshot_chunks TO {role};
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {schema}.snapshot_chunks
  FOR EACH STATEMENT EXECUTE FUNCTION kaogong.refuse_change();
