-- Permits by deadline: neighbours in time are neighbours here, so that many share a page. By their names, which begin with the
-- cylinder's, nearly each had a page to itself written when it was issued, and again when it was closed.
ALTER TABLE open_permit RENAME TO open_permit_by_name;
CREATE TABLE open_permit (
  deadline INTEGER NOT NULL,      -- seconds since 1970-01-01T00:00:00Z
  permit_id TEXT NOT NULL,
  cylinder_id TEXT NOT NULL, station TEXT NOT NULL, terminal TEXT NOT NULL, gun TEXT NOT NULL,
  begun INTEGER NOT NULL,
  PRIMARY KEY (deadline, permit_id)
) WITHOUT ROWID;
INSERT INTO open_permit (deadline, permit_id, cylinder_id, station, terminal, gun, begun)
SELECT deadline, permit_id, cylinder_id, station, terminal, gun, begun FROM open_permit_by_name;
DROP TABLE open_permit_by_name;
