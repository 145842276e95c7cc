DELETE FROM card_change WHERE batch <= ?1
