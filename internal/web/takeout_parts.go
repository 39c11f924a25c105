package web

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"time"

	"commontable/internal/backbone/takeout"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// partWithin is how long a reader may take for one part.
const partWithin = 2 * time.Minute

// sendParts sends a file part by part. The time for a page bounds each part and
// not the whole: a file of a gigabyte takes its time on a slow line.
func (s *Server) sendParts(w http.ResponseWriter, r *http.Request, page operation.Page[takeout.Part], read func(ctx context.Context, after string) (operation.Page[takeout.Part], error)) error {
	control := http.NewResponseController(w)
	whole := r.WithContext(context.WithoutCancel(r.Context()))
	for {
		// Where the connection knows no deadline, the server's own holds.
		_ = control.SetWriteDeadline(time.Now().Add(partWithin))
		for _, part := range page.Items {
			if _, err := w.Write(part.Content); err != nil {
				return s.brokeOff(r, err)
			}
		}
		if page.Next == "" {
			return nil
		}
		ctx, cancel := context.WithTimeout(whole.Context(), requestTimeout)
		again, err := s.identify(w, whole.WithContext(ctx))
		if err == nil {
			page, err = read(again.Context(), page.Next)
		}
		cancel()
		if err != nil {
			return s.brokeOff(r, err)
		}
	}
}

// brokeOff cuts a connection whose head has been sent: it is the one way left to
// keep half a file from passing for a whole one.
func (s *Server) brokeOff(r *http.Request, err error) error {
	s.app.Log.WarnContext(r.Context(), "a download broke off", "page", r.Pattern, "error", err)
	panic(http.ErrAbortHandler)
}

// sortTags brings tags into one order.
func sortTags(tags []ui.TagProps) {
	slices.SortFunc(tags, func(a, b ui.TagProps) int { return cmp.Compare(a.Label, b.Label) })
}
