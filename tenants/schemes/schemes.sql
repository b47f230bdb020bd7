-- The tenant's schemes. Version 0 is the draft, of which a scheme has one at most.
CREATE TABLE {schema}.scheme_versions (
  scheme_id text COLLATE "C" NOT NULL CHECK (octet_length(scheme_id) BETWEEN 1 AND 100),
  version integer NOT NULL CHECK (version >= 0),
  state text NOT NULL CHECK (state IN ('draft', 'published', 'retired')),
  hash bytea NOT NULL CHECK (hash = sha256(convert_to(document, 'UTF8'))),
  document text COMPRESSION lz4 NOT NULL,
  findings jsonb NOT NULL,
  ledgers jsonb NOT NULL,
  note text NOT NULL CHECK (octet_length(note) <= 4000),
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  published_by text,
  published_at timestamptz,
  retired_by text,
  retired_at timestamptz,
  PRIMARY KEY (scheme_id, version),
  CHECK ((state = 'draft') = (version = 0))
);
GRANT SELECT, INSERT, UPDATE, DELETE ON {schema}.scheme_versions TO {role};
CREATE TRIGGER keep_version BEFORE UPDATE OR DELETE ON {schema}.scheme_versions
  FOR EACH ROW EXECUTE FUNCTION kaogong.keep_scheme_version();

-- Whom a scheme is for. A person is meant by an assignment if both its conditions hold; null: everybody.
CREATE TABLE {schema}.scheme_assignments (
  assignment_id bigint PRIMARY KEY,
  scheme_id text COLLATE "C" NOT NULL,
  pay_group text COLLATE "C",
  department text COLLATE "C",  -- and those below it
  from_period text COLLATE "C" NOT NULL,
  from_day date NOT NULL,  -- the period's first day
  to_period text COLLATE "C",
  to_day date CHECK (to_day >= from_day),  -- the period's last day; null: until it is ended
  created_by text NOT NULL,
  created_at timestamptz NOT NULL
);
GRANT SELECT, INSERT ON {schema}.scheme_assignments TO {role};
GRANT UPDATE (to_period, to_day) ON {schema}.scheme_assignments TO {role};
