-- Snapshots and chunks may be deleted, where kaogong.keep_snapshots() finds that nobody needs them; runs name only what is
-- there.
GRANT DELETE ON {schema}.snapshots, {schema}.snapshot_chunks TO {role};
DROP TRIGGER append_only ON {schema}.snapshots;
CREATE TRIGGER append_only BEFORE UPDATE OR TRUNCATE ON {schema}.snapshots
  FOR EACH STATEMENT EXECUTE FUNCTION kaogong.refuse_change();
CREATE TRIGGER keep_snapshots AFTER DELETE ON {schema}.snapshots
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION kaogong.keep_snapshots();
DROP TRIGGER append_only ON {schema}.snapshot_chunks;
CREATE TRIGGER append_only BEFORE UPDATE OR TRUNCATE ON {schema}.snapshot_chunks
  FOR EACH STATEMENT EXECUTE FUNCTION kaogong.refuse_change();
CREATE TRIGGER keep_chunks AFTER DELETE ON {schema}.snapshot_chunks
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION kaogong.keep_snapshots();
CREATE TRIGGER keep_sources BEFORE INSERT ON {schema}.runs
  FOR EACH ROW EXECUTE FUNCTION kaogong.keep_sources();
