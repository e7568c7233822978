-- Least rights of the users of a fleet in PostgreSQL. The owner of the database runs this once its first "lodestone fleet submit" has made the tables:
--   psql "$OWNER_URL" -v ON_ERROR_STOP=1 -f rights.sql
-- and then gives each user a role:
--   CREATE ROLE worker LOGIN PASSWORD '…' IN ROLE fleet_worker;
-- A test of the program runs a fleet with this very file. A new version of the program may bring new tables: the owner submits first then, too.

CREATE ROLE fleet_submitter; -- submits, fetches, cancels and looks
GRANT SELECT ON goose_db_version TO fleet_submitter; -- whether the tables are those of the program
GRANT SELECT, INSERT, UPDATE ON fleet_run, fleet_shard TO fleet_submitter;
GRANT SELECT, INSERT ON fleet_part TO fleet_submitter;

CREATE ROLE fleet_worker; -- answers shards
GRANT SELECT, UPDATE ON fleet_shard TO fleet_worker;
GRANT SELECT ON fleet_run, fleet_part TO fleet_worker;

CREATE ROLE fleet_reader; -- fetches and looks
GRANT SELECT ON fleet_run, fleet_shard, fleet_part TO fleet_reader;
