-- Which deliveries of webhooks are due, of all tenants. What is to be sent stands in the tenant's schema.
CREATE TABLE kaogong.webhook_queue (
  tenant_id text COLLATE "C" NOT NULL,
  delivery_id bigint NOT NULL,
  due_at timestamptz NOT NULL,  -- who delivers it puts it off, so that nobody else does meanwhile
  PRIMARY KEY (tenant_id, delivery_id)
);
CREATE INDEX webhook_queue_due ON kaogong.webhook_queue (due_at);
GRANT SELECT, INSERT, UPDATE, DELETE ON kaogong.webhook_queue TO kaogong_control;

-- Whatever waits in a tenant's schema is in the queue, in the same transaction, with the owner's rights.
CREATE FUNCTION kaogong.queue_delivery() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  INSERT INTO kaogong.webhook_queue (tenant_id, delivery_id, due_at)
    VALUES (substr(TG_TABLE_SCHEMA, 4), NEW.delivery_id, now())
    ON CONFLICT (tenant_id, delivery_id) DO UPDATE SET due_at = excluded.due_at;
  RETURN NULL;
END
$$;

-- What befalls a run is told to those who asked for it, in the very transaction in which it happens.
CREATE FUNCTION kaogong.tell_of_run() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
  event text := 'run.' || NEW.state;
  told bigint[];
  last_id bigint;
BEGIN
  EXECUTE format('SELECT array_agg(endpoint_id ORDER BY endpoint_id) FROM %I.webhook_endpoints '
                 'WHERE enabled AND ($1 = ANY (events) OR ''*'' = ANY (events))', TG_TABLE_SCHEMA)
    INTO told USING event;
  IF told IS NULL THEN
    RETURN NULL;
  END IF;
  EXECUTE format('INSERT INTO %I.counters AS c (name, value) VALUES (''webhook_messages'', $1) '
                 'ON CONFLICT (name) DO UPDATE SET value = c.value + $1 RETURNING value', TG_TABLE_SCHEMA)
    INTO last_id USING cardinality(told)::bigint;
  EXECUTE format(
      'INSERT INTO %I.webhook_deliveries (delivery_id, endpoint_id, event, payload, state, attempts, created_at) '
      'SELECT $3 - cardinality($4) + n, endpoint_id, $1, $2, ''waiting'', 0, now() '
      'FROM unnest($4) WITH ORDINALITY AS t (endpoint_id, n)', TG_TABLE_SCHEMA)
    USING event, json_build_object(
      'type', event,
      'timestamp', to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
      'data', json_build_object('run', NEW.run_id, 'kind', NEW.kind, 'state', NEW.state, 'scheme', NEW.scheme_id,
                                'period', NEW.period))::text, last_id, told;
  RETURN NULL;
END
$$;
