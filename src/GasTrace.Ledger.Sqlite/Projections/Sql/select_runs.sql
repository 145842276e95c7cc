SELECT run, rows FROM history_run ORDER BY run
