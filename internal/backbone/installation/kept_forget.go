package installation

import (
	"context"
	"encoding/json"

	"commontable/internal/platform/jobs"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// ForgetKept removes the kept messages that are to one of the addresses. It is
// for background work and checks no permission.
func ForgetKept(ctx context.Context, s *store.Store, sealer operation.Sealer, addresses []string) error {
	return s.WriteInstallation(ctx, func(tx *store.InstallationTx) error {
		type sealedMessage struct {
			id     jobs.ID
			sealed []byte
		}
		all, err := store.Collect(tx, func(row store.Row) (m sealedMessage, err error) { return m, row.Scan(&m.id, &m.sealed) }, `SELECT id, sealed FROM kept_messages ORDER BY kept_at, id LIMIT 1000`)
		if err != nil {
			return err
		}
		for _, m := range all {
			var body keptBody
			plain, err := sealer.Open(keptPurpose, m.sealed)
			if err != nil || json.Unmarshal(plain, &body) != nil {
				continue // it can be read by nobody
			}
			for _, address := range addresses {
				if body.To != address {
					continue
				}
				if _, err := tx.Exec(`DELETE FROM kept_messages WHERE id = $1`, m.id); err != nil {
					return err
				}
			}
		}
		return nil
	})
}
