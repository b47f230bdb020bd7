-- The control schema: which tenants there are, who may call, what operators did. No business data of any tenant.

-- Roles are the cluster's, not the database's: another database of the same cluster may have made them already.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'kaogong_control') THEN
    CREATE ROLE kaogong_control NOLOGIN;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'kaogong_app') THEN
    CREATE ROLE kaogong_app LOGIN NOINHERIT;
  END IF;
END
$$;
GRANT kaogong_control TO kaogong_app;

GRANT USAGE ON SCHEMA kaogong TO kaogong_control;
GRANT SELECT ON kaogong.migration TO kaogong_control;

CREATE TABLE kaogong.tenants (
  tenant_id text COLLATE "C" PRIMARY KEY CHECK (tenant_id ~ '^[a-z][a-z0-9_]{0,39}$'),
  name text NOT NULL CHECK (octet_length(name) <= 400),
  state text NOT NULL CHECK (state IN ('active', 'suspended', 'erasing', 'erased')),
  -- Quotas; null: no bound.
  people_max bigint CHECK (people_max >= 0),
  runs_per_day_max bigint CHECK (runs_per_day_max >= 0),
  stored_bytes_max bigint CHECK (stored_bytes_max >= 0),
  requests_per_second_max bigint CHECK (requests_per_second_max >= 0),
  created_at timestamptz NOT NULL,
  changed_at timestamptz NOT NULL,
  erased_at timestamptz,
  erasure text,  -- JSON: what was erased, and the head of the audit log that went with it
  CHECK ((state = 'erased') = (erased_at IS NOT NULL AND erasure IS NOT NULL))
);

CREATE TABLE kaogong.api_keys (
  key_id text COLLATE "C" PRIMARY KEY,  -- what may be shown: the part before the secret
  tenant_id text COLLATE "C" REFERENCES kaogong.tenants,  -- null: a key of an operator
  hash bytea NOT NULL CHECK (octet_length(hash) = 32),  -- SHA-256 of the whole key
  role text NOT NULL CHECK (role IN ('operator', 'tenant_admin', 'hr', 'rater', 'employee', 'executive')),
  scopes text[] NOT NULL,
  employee text COLLATE "C",  -- whose key it is, of raters and employees
  label text NOT NULL CHECK (octet_length(label) <= 400),
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz,
  revoked_by text,
  revoked_at timestamptz,
  replaces text COLLATE "C" REFERENCES kaogong.api_keys,
  CHECK ((role = 'operator') = (tenant_id IS NULL)),
  CHECK ((role IN ('rater', 'employee')) = (employee IS NOT NULL))
);
CREATE INDEX api_keys_of_tenant ON kaogong.api_keys (tenant_id);

-- name → value: the head of the operators' audit log, and what else must be counted without a gap.
CREATE TABLE kaogong.counters (
  name text COLLATE "C" PRIMARY KEY,
  value bigint NOT NULL,
  state bytea
);

INSERT INTO kaogong.counters (name, value, state) VALUES ('audit', 0, '');

CREATE TABLE kaogong.operator_audit (
  seq bigint PRIMARY KEY,
  at timestamptz NOT NULL,
  actor text NOT NULL,
  action text NOT NULL,
  subject text NOT NULL,
  detail text NOT NULL,
  previous_hash bytea NOT NULL,
  hash bytea NOT NULL
);

GRANT SELECT ON kaogong.tenants TO kaogong_control;
GRANT SELECT, INSERT ON kaogong.api_keys TO kaogong_control;
GRANT UPDATE (expires_at, revoked_by, revoked_at) ON kaogong.api_keys TO kaogong_control;
GRANT SELECT, INSERT, UPDATE ON kaogong.counters TO kaogong_control;
GRANT SELECT, INSERT ON kaogong.operator_audit TO kaogong_control;

-- Triggers of every tenant's tables. They hold what no grant can say: that a row may no longer be changed, whoever asks.

CREATE FUNCTION kaogong.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION USING ERRCODE = 'KG001', MESSAGE = TG_TABLE_NAME || ' is append-only';
END
$$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON kaogong.operator_audit
  FOR EACH STATEMENT EXECUTE FUNCTION kaogong.refuse_change();

-- A published version stays what it is; it can only be retired.
CREATE FUNCTION kaogong.keep_scheme_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state = 'draft' THEN
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
  END IF;
  IF TG_OP = 'UPDATE' AND OLD.state = 'published' AND NEW.state = 'retired' AND
     to_jsonb(NEW) - ARRAY['state', 'retired_by', 'retired_at'] =
     to_jsonb(OLD) - ARRAY['state', 'retired_by', 'retired_at'] THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION USING ERRCODE = 'KG001', MESSAGE = 'a published version of a scheme cannot be changed';
END
$$;
