-- Where a tenant wants to be told what happens, and every message with what became of it.
CREATE TABLE {schema}.webhook_endpoints (
  endpoint_id bigint PRIMARY KEY,  -- of the counter `webhooks`
  url text NOT NULL CHECK (octet_length(url) <= 2000),
  secret bytea NOT NULL CHECK (octet_length(secret) = 32),  -- messages are signed with it
  events text[] NOT NULL,  -- or '*': all
  description text NOT NULL CHECK (octet_length(description) <= 1000),
  enabled boolean NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL
);
GRANT SELECT, INSERT, UPDATE, DELETE ON {schema}.webhook_endpoints TO {role};

CREATE TABLE {schema}.webhook_deliveries (
  delivery_id bigint PRIMARY KEY,  -- of the counter `webhook_messages`
  endpoint_id bigint NOT NULL REFERENCES {schema}.webhook_endpoints ON DELETE CASCADE,
  event text NOT NULL,
  payload text NOT NULL,  -- as it is sent, each time the same
  state text NOT NULL CHECK (state IN ('waiting', 'delivered', 'failed')),
  attempts integer NOT NULL,
  last_status integer,  -- of the answer; null: there was none
  last_error text,
  created_at timestamptz NOT NULL,
  tried_at timestamptz
);
GRANT SELECT, INSERT, UPDATE, DELETE ON {schema}.webhook_deliveries TO {role};
CREATE TRIGGER queue_new_delivery AFTER INSERT ON {schema}.webhook_deliveries
  FOR EACH ROW WHEN (NEW.state = 'waiting') EXECUTE FUNCTION kaogong.queue_delivery();
CREATE TRIGGER queue_delivery_again AFTER UPDATE ON {schema}.webhook_deliveries
  FOR EACH ROW WHEN (NEW.state = 'waiting' AND NEW.attempts = 0) EXECUTE FUNCTION kaogong.queue_delivery();

CREATE TRIGGER tell_of_run AFTER UPDATE OF state ON {schema}.runs
  FOR EACH ROW WHEN (NEW.state <> OLD.state AND NEW.state <> 'calculating') EXECUTE FUNCTION kaogong.tell_of_run();
