-- What was entered for a period, as the very CSV that a data folder has, and every version that was superseded.
CREATE TABLE {schema}.layouts (
  layout_id bigint PRIMARY KEY,
  scheme_id text COLLATE "C" NOT NULL,
  sheet text COLLATE "C" NOT NULL,
  columns text NOT NULL,  -- the header of the payload's rows, CSV without a line end
  columns_hash bytea NOT NULL,
  UNIQUE (scheme_id, sheet, columns_hash)
);
GRANT SELECT, INSERT ON {schema}.layouts TO {role};

CREATE TABLE {schema}.entries (
  period text COLLATE "C" NOT NULL,
  scheme_id text COLLATE "C" NOT NULL,
  sheet text COLLATE "C" NOT NULL,     -- population, a child table, a lookup, parameters, history
  employee text COLLATE "C" NOT NULL,  -- '' of lookups and parameters
  part text COLLATE "C" NOT NULL,      -- '' of bulk; else the rater or source of one form
  layout_id bigint NOT NULL,
  change_id bigint NOT NULL,           -- of the counter `entries/<scheme>/<period>`
  payload text COMPRESSION lz4 NOT NULL,  -- rows of the layout, each ended by a line feed
  actor text NOT NULL,
  entered_at timestamptz NOT NULL,
  PRIMARY KEY (scheme_id, period, sheet, employee, part)
);
CREATE INDEX entries_by_change ON {schema}.entries (scheme_id, period, change_id);
GRANT SELECT, INSERT, UPDATE, DELETE ON {schema}.entries TO {role};

CREATE TABLE {schema}.entry_changes (
  period text COLLATE "C" NOT NULL,
  scheme_id text COLLATE "C" NOT NULL,
  sheet text COLLATE "C" NOT NULL,
  employee text COLLATE "C" NOT NULL,
  part text COLLATE "C" NOT NULL,
  change_id bigint NOT NULL,  -- of the change that ended this version
  kind text NOT NULL CHECK (kind IN ('replaced', 'deleted')),
  actor text NOT NULL,
  changed_at timestamptz NOT NULL,
  reason text NOT NULL CHECK (octet_length(reason) <= 4000),
  old_change_id bigint NOT NULL,
  old_layout_id bigint NOT NULL,
  old_payload text COMPRESSION lz4 NOT NULL,
  old_actor text NOT NULL,
  old_entered_at timestamptz NOT NULL,
  PRIMARY KEY (scheme_id, period, change_id, sheet, employee, part)
);
GRANT SELECT, INSERT ON {schema}.entry_changes TO {role};
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {schema}.entry_changes
  FOR EACH STATEMENT EXECUTE FUNCTION kaogong.refuse_change();
