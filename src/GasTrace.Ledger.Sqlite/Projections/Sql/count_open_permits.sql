SELECT count(*) FROM open_permit
