SELECT run, first_position, next_position, block_bits, merged_into, moved_blocks FROM history_run ORDER BY run
