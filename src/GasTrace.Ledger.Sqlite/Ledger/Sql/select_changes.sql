SELECT batch, changes FROM card_change WHERE batch > ?1 ORDER BY batch
