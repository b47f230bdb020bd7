-- Which snapshots may go: triggers of every tenant's runs and snapshots.

-- A run's snapshots are there when it is made, and as long as it is. The maker holds the counter `runs`, and so does who
-- cleans away snapshots: neither acts on what the other is just changing.
CREATE FUNCTION kaogong.keep_sources() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
  missing boolean;
BEGIN
  EXECUTE format('SELECT EXISTS (SELECT unnest($1) EXCEPT SELECT snapshot_id FROM %I.snapshots)', TG_TABLE_SCHEMA)
    INTO missing USING NEW.snapshots;
  IF missing THEN
    RAISE EXCEPTION USING ERRCODE = 'KG001', MESSAGE = 'a snapshot that the run names is not there any more';
  END IF;
  RETURN NEW;
END
$$;

-- Snapshots go only if no run names them and a later one of the same inputs is there; chunks only if no snapshot does.
CREATE FUNCTION kaogong.keep_snapshots() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
  needed boolean;
BEGIN
  IF TG_TABLE_NAME = 'snapshots' THEN
    EXECUTE format('SELECT EXISTS (SELECT FROM gone g WHERE EXISTS (SELECT FROM %1$I.runs r WHERE g.snapshot_id = ANY '
                   '(r.snapshots)) OR NOT EXISTS (SELECT FROM %1$I.snapshots s WHERE (s.scheme_id, s.period, s.signature) = '
                   '(g.scheme_id, g.period, g.signature) AND (s.watermark, s.snapshot_id) > (g.watermark, g.snapshot_id)))',
                   TG_TABLE_SCHEMA)
      INTO needed;
  ELSE
    EXECUTE format('SELECT EXISTS (SELECT FROM gone g JOIN (SELECT unnest(chunk_of) AS snapshot_id, unnest(chunk_no) AS '
                   'chunk FROM %I.snapshots) s USING (snapshot_id, chunk))', TG_TABLE_SCHEMA)
      INTO needed;
  END IF;
  IF needed THEN
    RAISE EXCEPTION USING ERRCODE = 'KG001', MESSAGE = TG_TABLE_NAME || ' that are needed cannot be deleted';
  END IF;
  RETURN NULL;
END
$$;
