-- Who works here, and what is true of them from a day on. A version holds until the next one begins: it has no end of its
-- own, so that two can never overlap.
CREATE TABLE {schema}.departments (
  code text COLLATE "C" NOT NULL CHECK (octet_length(code) BETWEEN 1 AND 200),
  valid_from date NOT NULL,
  name text NOT NULL CHECK (octet_length(name) <= 1000),
  parent_code text COLLATE "C" CHECK (parent_code <> code),
  closed boolean NOT NULL DEFAULT false,  -- from valid_from on there is no such department
  PRIMARY KEY (code, valid_from)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON {schema}.departments TO {role};

CREATE TABLE {schema}.people (
  employee text COLLATE "C" PRIMARY KEY CHECK (octet_length(employee) BETWEEN 1 AND 200),
  name text NOT NULL CHECK (octet_length(name) <= 1000),
  hired_on date NOT NULL,
  left_on date CHECK (left_on >= hired_on)  -- the last day; null: still here
);
GRANT SELECT, INSERT, UPDATE, DELETE ON {schema}.people TO {role};

CREATE TABLE {schema}.person_attributes (
  employee text COLLATE "C" NOT NULL REFERENCES {schema}.people,
  valid_from date NOT NULL,
  employed boolean NOT NULL DEFAULT true,
  department text COLLATE "C",
  position text,
  step text,
  pay_group text COLLATE "C",
  manager text COLLATE "C",
  extra jsonb NOT NULL DEFAULT '{}',
  actor text NOT NULL,
  entered_at timestamptz NOT NULL,
  PRIMARY KEY (employee, valid_from)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON {schema}.person_attributes TO {role};
