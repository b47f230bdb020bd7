GRANT USAGE ON SCHEMA {schema} TO {role};
GRANT SELECT ON {schema}.migration TO {role};

-- name → value: heads and watermarks. A writer takes what it needs by UPDATE … RETURNING; the row's lock, held until
-- COMMIT, makes the numbers of one counter appear in the order of commits and without a gap.
CREATE TABLE {schema}.counters (
  name text COLLATE "C" PRIMARY KEY,
  value bigint NOT NULL,
  state bytea  -- of the audit log: the hash of its last row
);
GRANT SELECT, INSERT, UPDATE ON {schema}.counters TO {role};
