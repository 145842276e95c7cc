SELECT TOP (@limit) c.claim_key, c.position FROM dbo.claim c WHERE c.claim_key > @after ORDER BY c.claim_key
