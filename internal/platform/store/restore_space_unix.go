//go:build unix

package store

import "syscall"

// FreeSpace is how many bytes the program may still write below a folder, where
// the system tells.
func FreeSpace(folder string) (bytes uint64, known bool) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(folder, &s); err != nil {
		return 0, false
	}
	return uint64(s.Bavail) * uint64(s.Bsize), true //nolint:unconvert // the types differ between systems
}
