-- The workers' queue and the triggers of every tenant's runs.

-- Which runs are calculating. What there is to do in them stands in the tenant's run_chunks.
CREATE TABLE kaogong.run_queue (
  tenant_id text COLLATE "C" NOT NULL,
  run_id bigint NOT NULL,
  priority smallint NOT NULL,
  people bigint NOT NULL,  -- how large it is
  enqueued_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, run_id)
);
-- What each tenant was served, in rows: of equal priority the least served tenant is next.
CREATE TABLE kaogong.tenant_service (
  tenant_id text COLLATE "C" PRIMARY KEY,
  served bigint NOT NULL
);
CREATE TABLE kaogong.workers (
  worker text COLLATE "C" PRIMARY KEY,
  host text NOT NULL,
  pid bigint NOT NULL,
  state text NOT NULL CHECK (state IN ('idle', 'working', 'draining', 'gone')),
  started_at timestamptz NOT NULL,
  seen_at timestamptz NOT NULL
);
GRANT SELECT, INSERT, UPDATE, DELETE ON kaogong.run_queue, kaogong.tenant_service, kaogong.workers TO kaogong_control;

-- Keeps the queue beside what is calculated, with the owner's rights: in the same transaction, whoever starts or ends a
-- run, and always for the tenant whose schema the run is in.
CREATE FUNCTION kaogong.queue_run() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  tenant text := substr(TG_TABLE_SCHEMA, 4);  -- after kg_
BEGIN
  IF TG_OP <> 'DELETE' AND NEW.state = 'calculating' AND (TG_OP = 'INSERT' OR OLD.state <> 'calculating') THEN
    -- Who was idle has not saved up anything: service counts from the least served tenant that is waiting now.
    INSERT INTO kaogong.tenant_service AS s (tenant_id, served)
      VALUES (tenant, coalesce((SELECT min(o.served) FROM kaogong.tenant_service o
                                WHERE o.tenant_id IN (SELECT q.tenant_id FROM kaogong.run_queue q)), 0))
      ON CONFLICT (tenant_id) DO UPDATE SET served = greatest(s.served, excluded.served);
    INSERT INTO kaogong.run_queue (tenant_id, run_id, priority, people, enqueued_at)
      VALUES (tenant, NEW.run_id, NEW.priority, NEW.people, now())
      ON CONFLICT (tenant_id, run_id) DO NOTHING;
  ELSIF TG_OP <> 'INSERT' AND OLD.state = 'calculating' AND (TG_OP = 'DELETE' OR NEW.state <> 'calculating') THEN
    DELETE FROM kaogong.run_queue WHERE tenant_id = tenant AND run_id = OLD.run_id;
  END IF;
  RETURN NULL;
END
$$;

-- A run goes its way and no other; what it was made from never changes, nor what it came to once it is settled. The same
-- table of states is may_go in state.cpp; a test compares the two.
CREATE FUNCTION kaogong.keep_run() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
  may_change text[] := '{}';
  step text;
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state NOT IN ('draft', 'calculating') OR NEW.checksum IS NOT NULL OR NEW.rows IS NOT NULL THEN
      RAISE EXCEPTION USING ERRCODE = 'KG001', MESSAGE = 'a run begins as a draft or calculating';
    END IF;
    RETURN NEW;
  END IF;
  IF TG_OP = 'DELETE' THEN
    IF OLD.kind = 'preview' THEN
      RETURN OLD;
    END IF;
    RAISE EXCEPTION USING ERRCODE = 'KG001', MESSAGE = 'runs are kept; only previews are deleted';
  END IF;
  step := OLD.state || ' ' || NEW.state;
  IF step IN ('draft calculating') THEN
    may_change := '{state,priority}';
  ELSIF step IN ('calculating calculated') THEN
    may_change := '{state,outputs,rows,refused,checksum,calculated_at}';
  ELSIF step = 'calculating failed' THEN
    may_change := '{state,failure,calculated_at}';
  ELSIF step IN ('draft cancelled', 'calculating cancelled', 'calculated cancelled') THEN
    may_change := '{state,ended_by,ended_at,ended_why}';
  ELSIF step = 'calculated approved' AND OLD.kind <> 'preview' THEN
    may_change := '{state,approved_by,approved_at}';
  ELSIF step = 'approved published' AND OLD.kind IN ('regular', 'correction') THEN
    may_change := '{state,published_by,published_at,replaced_run_id}';
  ELSIF step IN ('approved void', 'published void') THEN
    may_change := '{state,ended_by,ended_at,ended_why}';
  ELSE
    RAISE EXCEPTION USING ERRCODE = 'KG001',
      MESSAGE = 'a run that is ' || OLD.state || ' cannot be changed' ||
                CASE WHEN OLD.state = NEW.state THEN '' ELSE ' to ' || NEW.state END;
  END IF;
  IF to_jsonb(NEW) - may_change <> to_jsonb(OLD) - may_change THEN
    RAISE EXCEPTION USING ERRCODE = 'KG001', MESSAGE = 'what a run was made from, and what it came to, cannot be changed';
  END IF;
  RETURN NEW;
END
$$;

-- Chunks and pages change only while their run is calculated; a finished chunk never. They go when a run that will never
-- be approved is cleaned away.
CREATE FUNCTION kaogong.keep_run_part() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
  run_kind text;
  run_state text;
  allowed boolean;
BEGIN
  EXECUTE format('SELECT kind, state FROM %I.runs WHERE run_id = $1', TG_TABLE_SCHEMA)
    INTO run_kind, run_state USING CASE TG_OP WHEN 'DELETE' THEN OLD.run_id ELSE NEW.run_id END;
  IF TG_OP = 'INSERT' THEN
    allowed := run_state = 'calculating' OR (TG_TABLE_NAME = 'run_chunks' AND run_state = 'draft');
  ELSIF TG_OP = 'UPDATE' THEN
    allowed := run_state = 'calculating' AND TG_TABLE_NAME = 'run_chunks' AND NEW.run_id = OLD.run_id AND
               NEW.chunk = OLD.chunk AND OLD.state <> 'done' AND NEW.epoch >= OLD.epoch;
  ELSE  -- without a run: it is just being deleted itself
    allowed := run_state IS NULL OR run_kind = 'preview' OR run_state = 'cancelled';
  END IF;
  IF allowed IS NOT TRUE THEN
    RAISE EXCEPTION USING ERRCODE = 'KG001',
      MESSAGE = TG_TABLE_NAME || ' of a run that is ' || coalesce(run_state, 'not there') || ' cannot be changed';
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END
$$;

-- The same for many rows at once, by the transition table `changed`.
CREATE FUNCTION kaogong.keep_run_parts() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
  wrong text;
BEGIN
  EXECUTE format(
      'SELECT coalesce(r.state, ''not there'') FROM (SELECT DISTINCT run_id FROM changed) c '
      'LEFT JOIN %I.runs r USING (run_id) WHERE (CASE WHEN $1 THEN r.state = ''calculating'' '
      'ELSE r.run_id IS NULL OR r.kind = ''preview'' OR r.state = ''cancelled'' END) IS NOT TRUE LIMIT 1',
      TG_TABLE_SCHEMA)
    INTO wrong USING TG_OP = 'INSERT';
  IF wrong IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'KG001', MESSAGE = TG_TABLE_NAME || ' of a run that is ' || wrong || ' cannot be changed';
  END IF;
  RETURN NULL;
END
$$;

-- The pointer shows a published run of its own scheme and period, and leaves only one that was declared void or is
-- followed by another.
CREATE FUNCTION kaogong.keep_publication() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
  good boolean;
BEGIN
  IF TG_OP = 'DELETE' THEN
    EXECUTE format('SELECT state = ''void'' FROM %I.runs WHERE run_id = $1', TG_TABLE_SCHEMA) INTO good USING OLD.run_id;
    IF good IS NOT TRUE THEN
      RAISE EXCEPTION USING ERRCODE = 'KG001', MESSAGE = 'a publication ends when its run is declared void';
    END IF;
    RETURN OLD;
  END IF;
  EXECUTE format('SELECT state = ''published'' AND scheme_id = $2 AND period = $3 FROM %I.runs WHERE run_id = $1',
                 TG_TABLE_SCHEMA)
    INTO good USING NEW.run_id, NEW.scheme_id, NEW.period;
  IF good IS NOT TRUE OR (TG_OP = 'UPDATE' AND (NEW.scheme_id, NEW.period) <> (OLD.scheme_id, OLD.period)) THEN
    RAISE EXCEPTION USING ERRCODE = 'KG001', MESSAGE = 'only a published run of this scheme and period can be shown';
  END IF;
  RETURN NEW;
END
$$;
