package directory

import "commontable/internal/platform/operation"

// TakeAway reads one page of a download for a capability that stands on this
// one, and seals the way to the next. read gets the cursor and the length of a
// page.
func TakeAway[T any](c *operation.Call, sealed string, read func(after string, limit int64) (operation.Page[T], error)) (operation.Page[T], error) {
	return takeAway(c, sealed, func(after string) (operation.Page[T], error) { return read(after, exportPage) })
}

// CountDownload is the limit that a page of a download counts against: the first
// one, however many follow.
func CountDownload(after string) string { return firstPage(after) }

// TakeBack is what the fields of a record are to be once a change is taken back:
// those that it changed and nobody since are as they were before, and left names
// the others.
func TakeBack[T any](before, after, now T) (fields T, left []string, err error) {
	return takeBack(before, after, now)
}
