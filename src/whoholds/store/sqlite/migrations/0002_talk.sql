-- Comments and tags: what people say of a claim or a report; and the index that the page's filters use.

CREATE TABLE comment (
  seq INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  subject_id TEXT NOT NULL,
  root_id TEXT NOT NULL,
  report_id TEXT,
  words TEXT NOT NULL,
  by_name TEXT NOT NULL,
  at DATETIME NOT NULL
);
CREATE INDEX comment_by_root ON comment (root_id);
CREATE INDEX comment_by_report ON comment (report_id);

-- A tag is taken off by a further row, never by a deletion.
CREATE TABLE tag (
  seq INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  subject_id TEXT NOT NULL,
  root_id TEXT NOT NULL,
  report_id TEXT,
  tag TEXT NOT NULL,
  is_on INTEGER NOT NULL,
  by_name TEXT NOT NULL,
  at DATETIME NOT NULL
);
CREATE INDEX tag_by_root ON tag (root_id);

CREATE INDEX current_claim_by_event ON current_claim (event, stance);

CREATE TRIGGER comment_no_update BEFORE UPDATE ON comment
WHEN NOT EXISTS (SELECT 1 FROM redaction_guard WHERE report_id = OLD.report_id)
  OR NEW.seq IS NOT OLD.seq OR NEW.subject_id IS NOT OLD.subject_id OR NEW.root_id IS NOT OLD.root_id
  OR NEW.report_id IS NOT OLD.report_id OR NEW.by_name IS NOT OLD.by_name OR NEW.at IS NOT OLD.at
BEGIN SELECT RAISE(ABORT, 'append-only: comment'); END;
CREATE TRIGGER comment_no_delete BEFORE DELETE ON comment
BEGIN SELECT RAISE(ABORT, 'append-only: comment'); END;
CREATE TRIGGER comment_no_replace BEFORE INSERT ON comment
WHEN EXISTS (SELECT 1 FROM comment WHERE seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'append-only: comment'); END;

CREATE TRIGGER tag_no_update BEFORE UPDATE ON tag
BEGIN SELECT RAISE(ABORT, 'append-only: tag'); END;
CREATE TRIGGER tag_no_delete BEFORE DELETE ON tag
BEGIN SELECT RAISE(ABORT, 'append-only: tag'); END;
CREATE TRIGGER tag_no_replace BEFORE INSERT ON tag
WHEN EXISTS (SELECT 1 FROM tag WHERE seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'append-only: tag'); END;
