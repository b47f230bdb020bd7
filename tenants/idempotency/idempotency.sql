-- Calls that were sent with an Idempotency-Key, and what was answered. Of the key only a hash is kept; the answer is
-- sealed with the key itself, so that only who repeats the call can read it.
CREATE TABLE {schema}.idempotency (
  id bytea PRIMARY KEY CHECK (octet_length(id) = 32),  -- SHA-256 over the caller and the key
  request bytea NOT NULL CHECK (octet_length(request) = 32),  -- SHA-256 over the call
  epoch bigint NOT NULL,  -- grows each time that somebody else takes the call over
  lease_until timestamptz NOT NULL,  -- who has not answered until then is taken for dead
  expires_at timestamptz NOT NULL,
  answer bytea  -- null: it is being worked on
);
GRANT SELECT, INSERT, UPDATE, DELETE ON {schema}.idempotency TO {role};
