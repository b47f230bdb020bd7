-- Days that are not what their weekday says, and the periods that are worked on.
CREATE TABLE {schema}.calendar_days (
  day date PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('holiday', 'working')),
  name text NOT NULL CHECK (octet_length(name) <= 400)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON {schema}.calendar_days TO {role};

CREATE TABLE {schema}.periods (
  period text COLLATE "C" PRIMARY KEY,  -- 2026-10, 2026-Q3, 2026-H1, 2026
  first_day date NOT NULL,
  last_day date NOT NULL,
  state text NOT NULL CHECK (state IN ('open', 'frozen', 'closed')),
  opens_on date,   -- the window in which is entered, moved past holidays already
  closes_on date CHECK (closes_on >= opens_on),
  changed_by text NOT NULL,
  changed_at timestamptz NOT NULL
);
GRANT SELECT, INSERT, UPDATE ON {schema}.periods TO {role};
