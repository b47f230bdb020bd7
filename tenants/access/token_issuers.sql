-- Who may issue tokens (JWT) for the end users of a tenant: public keys only.
CREATE TABLE kaogong.token_issuers (
  tenant_id text COLLATE "C" NOT NULL REFERENCES kaogong.tenants,
  issuer text COLLATE "C" NOT NULL CHECK (octet_length(issuer) BETWEEN 1 AND 400),
  key_id text COLLATE "C" NOT NULL CHECK (octet_length(key_id) BETWEEN 1 AND 200),
  algorithm text NOT NULL CHECK (algorithm IN ('EdDSA', 'ES256', 'RS256')),
  public_key text NOT NULL CHECK (octet_length(public_key) <= 4000),  -- PEM
  audience text NOT NULL CHECK (octet_length(audience) BETWEEN 1 AND 400),
  roles text[] NOT NULL,  -- that its tokens may have
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, issuer, key_id)
);
GRANT SELECT, INSERT, DELETE ON kaogong.token_issuers TO kaogong_control;
