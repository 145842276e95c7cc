SELECT r.first_position AS FirstPosition, b.entries AS Entries
FROM history_run r CROSS JOIN history_block b ON b.id = r.run * 65536 + (@Hash >> (32 - r.block_bits))
