SELECT TOP (@limit) k.card_key, k.version, k.state FROM dbo.card k WHERE k.card_key > @after ORDER BY k.card_key
