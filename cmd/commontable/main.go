// Command commontable is the working memory and the meeting table of a
// collective impact collaborative. See README.md.
package main

import (
	"os"

	"commontable/internal/cli"
)

func main() { os.Exit(cli.Main(os.Args[1:], os.Stdout, os.Stderr)) }
