package operation

import "commontable/internal/platform/store"

// stripes is over how many rows a count is spread; see record_counts.
const stripes = 16

// Count adds n to how many records of a kind there are.
func Count(tx *store.Tx, kind string, record [16]byte, n int64) error {
	_, err := tx.Exec(`INSERT INTO record_counts (collaborative_id, kind, stripe, n) VALUES ($1, $2, $3, $4)
		ON CONFLICT (collaborative_id, kind, stripe) DO UPDATE SET n = record_counts.n + excluded.n`, kind, int64(record[15]%stripes), n)
	return err
}

// Total is how many records of a kind there are outside the trash.
func Total(tx *store.Tx, kind string) (int64, error) {
	return store.Value[int64](tx, `SELECT CAST(COALESCE(SUM(n), 0) AS BIGINT) FROM record_counts WHERE collaborative_id = $1 AND kind = $2`, kind)
}

// CountAll adds many records of a kind to how many there are.
func CountAll[I ~[16]byte](tx *store.Tx, kind string, records []I) error {
	stripe := map[byte]int64{}
	for _, i := range records {
		stripe[i[15]%stripes]++
	}
	for s, n := range stripe {
		if err := Count(tx, kind, [16]byte{15: s}, n); err != nil {
			return err
		}
	}
	return nil
}
