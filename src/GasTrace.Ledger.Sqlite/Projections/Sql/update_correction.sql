UPDATE cylinder SET manufactured_on = ?2, model = ?3, gas = ?4 WHERE cylinder_id = ?1
