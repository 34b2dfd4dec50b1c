-- What both DuckDBs are asked: `sum` of a BIGINT is a HUGEINT, and so exact.
COPY (
  SELECT "Song", "Date", sum("Number of Plays")
  FROM read_csv($in, auto_detect = false, header = true,
    delim = ',', quote = '"', escape = '"', columns = {
      'Song': 'VARCHAR', 'Date': 'VARCHAR', 'Number of Plays': 'BIGINT'
    })
  GROUP BY ALL
) TO $out (FORMAT csv, HEADER);
