INSERT INTO hold (cylinder_id, kind, reason, position) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (cylinder_id, kind) DO NOTHING
