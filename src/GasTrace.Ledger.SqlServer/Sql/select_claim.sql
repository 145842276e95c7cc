SELECT position FROM dbo.claim WHERE claim_key = @claim_key
