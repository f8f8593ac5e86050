-- The ledger as one GeoPackage file.
--
-- Three kinds of table: GeoPackage's own (gpkg_*), the append-only record of what came in and what
-- people decided, and derived tables (current_*, control_*) that can be rebuilt from it at any time.
-- Only views are registered as layers; types are GeoPackage's; JSON is TEXT; days and instants of the
-- contract are TEXT as written, and columns of type DATETIME are UTC with milliseconds, so that they
-- sort as text.

CREATE TABLE gpkg_spatial_ref_sys (
  srs_name TEXT NOT NULL,
  srs_id INTEGER NOT NULL PRIMARY KEY,
  organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL,
  definition TEXT NOT NULL,
  description TEXT
);

INSERT INTO gpkg_spatial_ref_sys VALUES
  ('Undefined Cartesian', -1, 'NONE', -1, 'undefined', 'undefined Cartesian coordinate reference system'),
  ('Undefined geographic', 0, 'NONE', 0, 'undefined', 'undefined geographic coordinate reference system'),
  ('WGS 84 geodetic', 4326, 'EPSG', 4326,
   'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AXIS["Latitude",NORTH],AXIS["Longitude",EAST],AUTHORITY["EPSG","4326"]]',
   'longitude and latitude in degrees on the WGS 84 spheroid');

CREATE TABLE gpkg_contents (
  table_name TEXT NOT NULL PRIMARY KEY,
  data_type TEXT NOT NULL,
  identifier TEXT UNIQUE,
  description TEXT DEFAULT '',
  last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE,
  srs_id INTEGER,
  CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id)
);

CREATE TABLE gpkg_geometry_columns (
  table_name TEXT NOT NULL,
  column_name TEXT NOT NULL,
  geometry_type_name TEXT NOT NULL,
  srs_id INTEGER NOT NULL,
  z TINYINT NOT NULL,
  m TINYINT NOT NULL,
  CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
  CONSTRAINT uk_gc_table_name UNIQUE (table_name),
  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents (table_name),
  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id)
);

-- --- the append-only record ---------------------------------------------------------------------

-- One row a migration: the highest version is the schema's (PRAGMA user_version is GeoPackage's).
CREATE TABLE ledger_schema (
  version INTEGER NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  applied_at DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))
);

-- The war as data; the newest row is in force.
CREATE TABLE theatre (
  seq INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  body TEXT NOT NULL,
  by_name TEXT NOT NULL,
  recorded_at DATETIME NOT NULL
);

CREATE TABLE theatre_file (
  seq INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  theatre_seq INTEGER NOT NULL REFERENCES theatre (seq),
  name TEXT NOT NULL,
  content BLOB NOT NULL,
  UNIQUE (theatre_seq, name)
);

CREATE TABLE report (
  seq INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  sha256 TEXT NOT NULL,
  media_type TEXT NOT NULL,
  name TEXT,
  title TEXT,
  publisher TEXT,
  published_at TEXT,
  lang TEXT,
  address TEXT,
  origin TEXT,
  display TEXT NOT NULL,
  echo_of TEXT,
  text TEXT NOT NULL,
  furniture TEXT NOT NULL,
  meta TEXT NOT NULL,
  visible_from DATETIME NOT NULL,
  recorded_at DATETIME NOT NULL
);

-- The bytes as they came in, apart from the rest so that listing reports never reads them.
CREATE TABLE report_bytes (
  report_seq INTEGER NOT NULL PRIMARY KEY REFERENCES report (seq),
  report_id TEXT NOT NULL,
  content BLOB
);

-- What one reader found in one report, its claims apart.
CREATE TABLE reading (
  seq INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  report_id TEXT NOT NULL REFERENCES report (id),
  reader TEXT NOT NULL,
  mentions TEXT NOT NULL,
  recorded_at DATETIME NOT NULL,
  UNIQUE (report_id, reader)
);

-- Every version of every claim: one row a claim and reading; reading_seq is NULL for imports.
-- root_id: the first claim of its chain of supersedes, to which assessments are tied.
CREATE TABLE claim (
  seq INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL,
  report_id TEXT,
  reading_seq INTEGER REFERENCES reading (seq),
  supersedes TEXT,
  root_id TEXT NOT NULL,
  body TEXT NOT NULL,
  content_sha256 TEXT NOT NULL,
  reported_until DATETIME,
  visible_from DATETIME NOT NULL,
  origin_recorded_at TEXT,
  recorded_at DATETIME NOT NULL
);
CREATE INDEX claim_by_id ON claim (id);
CREATE INDEX claim_by_report ON claim (report_id);
CREATE INDEX claim_by_root ON claim (root_id);
CREATE INDEX claim_by_supersedes ON claim (supersedes) WHERE supersedes IS NOT NULL;

CREATE TABLE assessment (
  seq INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  subject_id TEXT NOT NULL,
  root_id TEXT NOT NULL,
  report_id TEXT,
  verdict TEXT NOT NULL,
  by_name TEXT NOT NULL,
  at DATETIME NOT NULL,
  why TEXT NOT NULL,
  corrections TEXT NOT NULL
);
CREATE INDEX assessment_by_root ON assessment (root_id);
CREATE INDEX assessment_by_report ON assessment (report_id);

-- "These words mean this place": in one report, or everywhere where report_id is NULL.
CREATE TABLE correction (
  seq INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  report_id TEXT,
  exact TEXT NOT NULL,
  exact_folded TEXT NOT NULL,
  place TEXT NOT NULL,
  by_name TEXT NOT NULL,
  at DATETIME NOT NULL,
  why TEXT NOT NULL
);

-- A row here is what lets the words of a report be blanked (see redaction_guard); it stays for ever.
CREATE TABLE redaction (
  seq INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  report_id TEXT NOT NULL UNIQUE REFERENCES report (id),
  sha256 TEXT NOT NULL,
  by_name TEXT NOT NULL,
  why TEXT NOT NULL,
  at DATETIME NOT NULL
);

CREATE TABLE run (
  seq INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL,
  by_name TEXT NOT NULL,
  details TEXT NOT NULL,
  recorded_at DATETIME NOT NULL
);

-- --- derived, disposable ------------------------------------------------------------------------

-- The claims in force now: superseded ones left out, corrections applied.
CREATE TABLE current_claim (
  fid INTEGER NOT NULL PRIMARY KEY,
  claim_id TEXT NOT NULL UNIQUE,
  root_id TEXT NOT NULL,
  report_id TEXT,
  event TEXT NOT NULL,
  stance TEXT NOT NULL,
  polarity TEXT NOT NULL,
  actor TEXT,
  actor_id TEXT,
  target TEXT,
  target_id TEXT,
  speaker TEXT,
  speaker_id TEXT,
  side TEXT,
  publisher TEXT,
  quote TEXT,
  holds_from TEXT,
  holds_to TEXT,
  deadline TEXT,
  reported_at TEXT,
  reported_from DATETIME,
  reported_until DATETIME,
  recorded_at DATETIME NOT NULL,
  visible_from DATETIME NOT NULL,
  p REAL NOT NULL,
  status TEXT NOT NULL,
  display TEXT NOT NULL,
  reader TEXT NOT NULL,
  origin TEXT,
  map_class TEXT,
  names TEXT NOT NULL,
  body TEXT NOT NULL,
  geometry BLOB
);
CREATE INDEX current_claim_by_report ON current_claim (report_id);
CREATE INDEX current_claim_by_root ON current_claim (root_id);
CREATE INDEX current_claim_by_time ON current_claim (reported_from);

-- One row a claim and place, and one without a place for a claim that has none.
CREATE TABLE current_place (
  fid INTEGER NOT NULL PRIMARY KEY,
  claim_fid INTEGER NOT NULL,
  place_id TEXT,
  place TEXT,
  exact_folded TEXT,
  relation TEXT,
  kind TEXT,
  place_p REAL,
  lon REAL,
  lat REAL,
  radius_m REAL,
  geometry BLOB
);
CREATE INDEX current_place_by_claim ON current_place (claim_fid);
CREATE INDEX current_place_by_place ON current_place (place_id);
CREATE INDEX current_place_by_words ON current_place (exact_folded);

CREATE TABLE control_run (
  seq INTEGER NOT NULL PRIMARY KEY,
  audience TEXT NOT NULL UNIQUE,
  method TEXT NOT NULL,
  as_known_on TEXT,
  made_at DATETIME NOT NULL,
  details TEXT NOT NULL
);

-- A column p_<party> a party is added when the theatre is known: plain columns, because programs cannot
-- tell the type of an expression in a view.
CREATE TABLE control_row (
  fid INTEGER NOT NULL PRIMARY KEY,
  audience TEXT NOT NULL,
  unit_id TEXT NOT NULL,
  from_on TEXT NOT NULL,
  to_on TEXT,
  status TEXT NOT NULL,
  p TEXT NOT NULL,
  p_of_status REAL NOT NULL,
  n_claims INTEGER NOT NULL,
  method TEXT NOT NULL,
  geometry BLOB
);
CREATE INDEX control_row_by_unit ON control_row (audience, unit_id, from_on);

-- --- the layers that GeoPackage programs see: read-only views, integer first column --------------

CREATE VIEW claims AS
  SELECT p.fid, p.geometry, c.claim_id, c.report_id, c.event, c.stance, c.polarity, c.actor, c.actor_id,
         c.target, c.target_id, p.place_id, p.place, p.relation, p.kind, p.place_p, p.radius_m,
         c.speaker, c.speaker_id, c.side, c.publisher, c.quote, c.holds_from, c.holds_to, c.deadline,
         c.reported_at, c.reported_from, c.recorded_at, c.p, c.status, c.reader, c.origin
  FROM current_place AS p JOIN current_claim AS c ON c.fid = p.claim_fid
  WHERE c.geometry IS NULL;

CREATE VIEW map_claims AS
  SELECT c.fid, c.geometry, c.claim_id, c.event, c.stance, c.polarity, c.actor, c.actor_id, c.map_class,
         c.speaker, c.speaker_id, c.side, c.holds_from, c.holds_to, c.reported_at, c.reported_from,
         c.recorded_at, c.p, c.status, c.origin
  FROM current_claim AS c WHERE c.geometry IS NOT NULL;

CREATE VIEW control AS
  SELECT r.fid, r.geometry, r.unit_id, r.from_on, r.to_on, r.status, r.p_of_status, r.n_claims, r.method
  FROM control_row AS r
  WHERE r.audience = (SELECT audience FROM control_run ORDER BY audience LIMIT 1);

CREATE VIEW reports AS
  SELECT r.seq AS fid, r.id AS report_id, r.title, r.publisher, r.published_at, r.lang, r.address, r.origin,
         r.display, r.sha256, r.recorded_at
  FROM report AS r;

INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id) VALUES
  ('claims', 'features', 'claims', 'One point a claim and place, with its words, speaker and date', 4326),
  ('map_claims', 'features', 'map_claims', 'Polygons that maps claim', 4326),
  ('control', 'features', 'control', 'Who holds what: one row a unit and stretch of days', 4326),
  ('reports', 'attributes', 'reports', 'The reports that claims stand in', NULL);
INSERT INTO gpkg_geometry_columns VALUES
  ('claims', 'geometry', 'POINT', 4326, 0, 0),
  ('map_claims', 'geometry', 'GEOMETRY', 4326, 0, 0),
  ('control', 'geometry', 'GEOMETRY', 4326, 0, 0);

-- --- guards: nothing is overwritten --------------------------------------------------------------

-- Holds a report's id while its words are being blanked, inside one transaction; empty at all other times.
CREATE TABLE redaction_guard (report_id TEXT NOT NULL PRIMARY KEY);
CREATE TRIGGER redaction_guard_needs_reason BEFORE INSERT ON redaction_guard
WHEN NOT EXISTS (SELECT 1 FROM redaction WHERE report_id = NEW.report_id)
BEGIN SELECT RAISE(ABORT, 'append-only: words are blanked only with a redaction on record'); END;

CREATE TRIGGER report_no_update BEFORE UPDATE ON report
WHEN NOT EXISTS (SELECT 1 FROM redaction_guard WHERE report_id = OLD.id)
  OR NEW.seq IS NOT OLD.seq OR NEW.id IS NOT OLD.id OR NEW.sha256 IS NOT OLD.sha256
  OR NEW.published_at IS NOT OLD.published_at OR NEW.recorded_at IS NOT OLD.recorded_at
  OR NEW.visible_from IS NOT OLD.visible_from OR NEW.origin IS NOT OLD.origin
BEGIN SELECT RAISE(ABORT, 'append-only: report'); END;
CREATE TRIGGER report_no_delete BEFORE DELETE ON report
BEGIN SELECT RAISE(ABORT, 'append-only: report'); END;
CREATE TRIGGER report_no_replace BEFORE INSERT ON report
WHEN EXISTS (SELECT 1 FROM report WHERE seq = NEW.seq OR id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'append-only: report'); END;

CREATE TRIGGER report_bytes_no_update BEFORE UPDATE ON report_bytes
WHEN NOT EXISTS (SELECT 1 FROM redaction_guard WHERE report_id = OLD.report_id)
  OR NEW.report_seq IS NOT OLD.report_seq OR NEW.report_id IS NOT OLD.report_id OR NEW.content IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'append-only: report_bytes'); END;
CREATE TRIGGER report_bytes_no_delete BEFORE DELETE ON report_bytes
BEGIN SELECT RAISE(ABORT, 'append-only: report_bytes'); END;
CREATE TRIGGER report_bytes_no_replace BEFORE INSERT ON report_bytes
WHEN EXISTS (SELECT 1 FROM report_bytes WHERE report_seq = NEW.report_seq)
BEGIN SELECT RAISE(ABORT, 'append-only: report_bytes'); END;

CREATE TRIGGER reading_no_update BEFORE UPDATE ON reading
WHEN NOT EXISTS (SELECT 1 FROM redaction_guard WHERE report_id = OLD.report_id)
  OR NEW.seq IS NOT OLD.seq OR NEW.report_id IS NOT OLD.report_id OR NEW.reader IS NOT OLD.reader
  OR NEW.recorded_at IS NOT OLD.recorded_at
BEGIN SELECT RAISE(ABORT, 'append-only: reading'); END;
CREATE TRIGGER reading_no_delete BEFORE DELETE ON reading
BEGIN SELECT RAISE(ABORT, 'append-only: reading'); END;
CREATE TRIGGER reading_no_replace BEFORE INSERT ON reading
WHEN EXISTS (SELECT 1 FROM reading WHERE seq = NEW.seq OR (report_id = NEW.report_id AND reader = NEW.reader))
BEGIN SELECT RAISE(ABORT, 'append-only: reading'); END;

CREATE TRIGGER claim_no_update BEFORE UPDATE ON claim
WHEN NOT EXISTS (SELECT 1 FROM redaction_guard WHERE report_id = OLD.report_id)
  OR NEW.seq IS NOT OLD.seq OR NEW.id IS NOT OLD.id OR NEW.report_id IS NOT OLD.report_id
  OR NEW.reading_seq IS NOT OLD.reading_seq OR NEW.supersedes IS NOT OLD.supersedes
  OR NEW.root_id IS NOT OLD.root_id OR NEW.content_sha256 IS NOT OLD.content_sha256
  OR NEW.reported_until IS NOT OLD.reported_until OR NEW.visible_from IS NOT OLD.visible_from
  OR NEW.recorded_at IS NOT OLD.recorded_at
BEGIN SELECT RAISE(ABORT, 'append-only: claim'); END;
CREATE TRIGGER claim_no_delete BEFORE DELETE ON claim
BEGIN SELECT RAISE(ABORT, 'append-only: claim'); END;
CREATE TRIGGER claim_no_replace BEFORE INSERT ON claim
WHEN EXISTS (SELECT 1 FROM claim WHERE seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'append-only: claim'); END;

CREATE TRIGGER assessment_no_update BEFORE UPDATE ON assessment
WHEN NOT EXISTS (SELECT 1 FROM redaction_guard WHERE report_id = OLD.report_id)
  OR NEW.seq IS NOT OLD.seq OR NEW.id IS NOT OLD.id OR NEW.subject_id IS NOT OLD.subject_id
  OR NEW.root_id IS NOT OLD.root_id OR NEW.report_id IS NOT OLD.report_id
  OR NEW.verdict IS NOT OLD.verdict OR NEW.by_name IS NOT OLD.by_name OR NEW.at IS NOT OLD.at
BEGIN SELECT RAISE(ABORT, 'append-only: assessment'); END;
CREATE TRIGGER assessment_no_delete BEFORE DELETE ON assessment
BEGIN SELECT RAISE(ABORT, 'append-only: assessment'); END;
CREATE TRIGGER assessment_no_replace BEFORE INSERT ON assessment
WHEN EXISTS (SELECT 1 FROM assessment WHERE seq = NEW.seq OR id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'append-only: assessment'); END;

CREATE TRIGGER correction_no_update BEFORE UPDATE ON correction
BEGIN SELECT RAISE(ABORT, 'append-only: correction'); END;
CREATE TRIGGER correction_no_delete BEFORE DELETE ON correction
BEGIN SELECT RAISE(ABORT, 'append-only: correction'); END;
CREATE TRIGGER correction_no_replace BEFORE INSERT ON correction
WHEN EXISTS (SELECT 1 FROM correction WHERE seq = NEW.seq OR id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'append-only: correction'); END;

CREATE TRIGGER redaction_no_update BEFORE UPDATE ON redaction
BEGIN SELECT RAISE(ABORT, 'append-only: redaction'); END;
CREATE TRIGGER redaction_no_delete BEFORE DELETE ON redaction
BEGIN SELECT RAISE(ABORT, 'append-only: redaction'); END;
CREATE TRIGGER redaction_no_replace BEFORE INSERT ON redaction
WHEN EXISTS (SELECT 1 FROM redaction WHERE seq = NEW.seq OR report_id = NEW.report_id)
BEGIN SELECT RAISE(ABORT, 'append-only: redaction'); END;

CREATE TRIGGER theatre_no_update BEFORE UPDATE ON theatre
BEGIN SELECT RAISE(ABORT, 'append-only: theatre'); END;
CREATE TRIGGER theatre_no_delete BEFORE DELETE ON theatre
BEGIN SELECT RAISE(ABORT, 'append-only: theatre'); END;
CREATE TRIGGER theatre_no_replace BEFORE INSERT ON theatre
WHEN EXISTS (SELECT 1 FROM theatre WHERE seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'append-only: theatre'); END;

CREATE TRIGGER theatre_file_no_update BEFORE UPDATE ON theatre_file
BEGIN SELECT RAISE(ABORT, 'append-only: theatre_file'); END;
CREATE TRIGGER theatre_file_no_delete BEFORE DELETE ON theatre_file
BEGIN SELECT RAISE(ABORT, 'append-only: theatre_file'); END;
CREATE TRIGGER theatre_file_no_replace BEFORE INSERT ON theatre_file
WHEN EXISTS (SELECT 1 FROM theatre_file
             WHERE seq = NEW.seq OR (theatre_seq = NEW.theatre_seq AND name = NEW.name))
BEGIN SELECT RAISE(ABORT, 'append-only: theatre_file'); END;

CREATE TRIGGER run_no_update BEFORE UPDATE ON run
BEGIN SELECT RAISE(ABORT, 'append-only: run'); END;
CREATE TRIGGER run_no_delete BEFORE DELETE ON run
BEGIN SELECT RAISE(ABORT, 'append-only: run'); END;
CREATE TRIGGER run_no_replace BEFORE INSERT ON run
WHEN EXISTS (SELECT 1 FROM run WHERE seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'append-only: run'); END;

CREATE TRIGGER ledger_schema_no_update BEFORE UPDATE ON ledger_schema
BEGIN SELECT RAISE(ABORT, 'append-only: ledger_schema'); END;
CREATE TRIGGER ledger_schema_no_delete BEFORE DELETE ON ledger_schema
BEGIN SELECT RAISE(ABORT, 'append-only: ledger_schema'); END;
CREATE TRIGGER ledger_schema_no_replace BEFORE INSERT ON ledger_schema
WHEN EXISTS (SELECT 1 FROM ledger_schema WHERE version = NEW.version)
BEGIN SELECT RAISE(ABORT, 'append-only: ledger_schema'); END;
