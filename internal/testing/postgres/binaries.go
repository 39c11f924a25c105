package postgres

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// oldest is the first major version the product supports.
const oldest = 15

var errMissing = fmt.Errorf("no PostgreSQL server (version %d or newer) is installed here: on Debian and Ubuntu run \"apt-get install postgresql\", or give a running server's superuser URL in %s", oldest, Env)

// findBinaries returns the folder of the newest PostgreSQL programs here.
func findBinaries() (string, error) {
	return newestOf(candidates())
}

// candidates lists the folders where the server's programs may lie. Debian
// keeps them out of the PATH.
func candidates() []string {
	folders, _ := filepath.Glob("/usr/lib/postgresql/*/bin")
	more, _ := filepath.Glob("/usr/pgsql-*/bin")
	folders = append(folders, more...)
	folders = append(folders, "/usr/local/pgsql/bin")
	if out, err := exec.Command("pg_config", "--bindir").Output(); err == nil {
		folders = append(folders, strings.TrimSpace(string(out)))
	}
	if path, err := exec.LookPath("postgres"); err == nil {
		folders = append(folders, filepath.Dir(path))
	}
	return folders
}

func newestOf(folders []string) (string, error) {
	best, newest := "", 0
	slices.Sort(folders)
	for _, folder := range slices.Compact(folders) {
		if _, err := os.Stat(filepath.Join(folder, "initdb")); err != nil {
			continue
		}
		out, err := exec.Command(filepath.Join(folder, "postgres"), "--version").Output()
		if err != nil {
			continue
		}
		if major, err := majorVersion(string(out)); err == nil && major > newest {
			best, newest = folder, major
		}
	}
	if newest < oldest {
		return "", errMissing
	}
	return best, nil
}

var versionPattern = regexp.MustCompile(`\(PostgreSQL\) (\d+)`)

func majorVersion(text string) (int, error) {
	found := versionPattern.FindStringSubmatch(text)
	if found == nil {
		return 0, errors.New("no version in " + strconv.Quote(text))
	}
	return strconv.Atoi(found[1])
}
